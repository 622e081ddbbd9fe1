// Beast's compiled half (BOOST_BEAST_SEPARATE_COMPILATION): once here, declarations everywhere else.
#include <boost/beast/src.hpp>
