// Loaded before a daemon (LD_PRELOAD), it puts the daemon's clock wrong while it runs: the file that
// SPOTTER_SKEWED_CLOCK names holds by how many seconds, as eight bytes. Only the time of day; what durations
// are measured with is left alone. Debian's libfaketime does not: with a clock that is behind, a timer that
// is due at once never fires.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const std::int64_t* mapped() {
    const char* path = std::getenv("SPOTTER_SKEWED_CLOCK");
    const int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return nullptr;
    void* memory = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    return memory == MAP_FAILED ? nullptr : static_cast<const std::int64_t*>(memory);
}

const std::int64_t* const ahead = mapped();

std::int64_t seconds_ahead() {
    return ahead ? __atomic_load_n(ahead, __ATOMIC_RELAXED) : 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* out) noexcept {
    const long failed = syscall(SYS_clock_gettime, clock, out);
    if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        out->tv_sec += seconds_ahead();
    return static_cast<int>(failed);
}

int gettimeofday(timeval* out, void*) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t* out) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
}
