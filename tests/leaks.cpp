/// libpq's results that libpqxx 6.4 does not free when a connection breaks are not ours to mend.
extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer's own name
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpqxx";
}
