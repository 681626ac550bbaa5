/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a replay may still ask the system for, once its inputs and outputs are open: to read and write what is open, memory,
 * and to give finished files their names. No file is opened, no socket made and no program started any more, whatever a
 * hostile capture makes of a mistake in the code that reads it.
 *
 * Through libseccomp; without it (HAVE_LIBSECCOMP), and on systems other than Linux, nothing changes.
 */
#ifndef CLI_SANDBOX_H
#define CLI_SANDBOX_H

#include <stdbool.h>

/* For the rest of the process. False: it is not built in, or the kernel refused; the work goes on all the same. */
bool sandbox_enter(void);

#endif
