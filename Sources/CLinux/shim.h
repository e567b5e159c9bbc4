#include <sys/prctl.h>

/* prctl takes a variable number of arguments, which Swift cannot call. */
static inline int heirloom_forbid_dumping(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
