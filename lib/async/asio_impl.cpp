// Asio's compiled half (BOOST_ASIO_SEPARATE_COMPILATION): once here, declarations everywhere else.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
