#include "support/test_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <memory>
#include <stdexcept>

namespace spotter::test {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Release<BIO_free_all>>;

constexpr long seconds_a_day = 24 * 3600;

std::string alternative_names(const std::vector<std::string>& hosts) {
    std::string names;
    for (const std::string& host : hosts) {
        boost::system::error_code no_address;
        boost::asio::ip::make_address(host, no_address);
        names += (names.empty() ? "" : ",") + std::string(no_address ? "DNS:" : "IP:") + host;
    }
    return names;
}

void extend(X509* certificate, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
    if (!extension || !X509_add_ext(certificate, extension.get(), -1))
        throw std::runtime_error("the test certificate takes no extension " + value);
}

std::string content(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TestCertificate self_signed(const std::vector<std::string>& hosts, int days) {
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    if (!key || !certificate) throw std::runtime_error("OpenSSL made no key for the test certificate");

    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * seconds_a_day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days * seconds_a_day);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto* subject = reinterpret_cast<const unsigned char*>("scripted model");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, subject, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    extend(certificate.get(), NID_subject_alt_name, alternative_names(hosts));
    extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    if (!X509_sign(certificate.get(), key.get(), EVP_sha256()))
        throw std::runtime_error("the test certificate could not be signed");

    const Memory certificate_pem(BIO_new(BIO_s_mem()));
    const Memory key_pem(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate_pem.get(), certificate.get());
    PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {content(certificate_pem.get()), content(key_pem.get())};
}

}  // namespace spotter::test
