/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host described in a file: JSON with // comments. docs/host.md lists its keys; the keys that `ip -j address`,
 * `ip -j route` and `ip -j rule` print are understood as well, so that what they print can stand in the file.
 */
#ifndef HOST_HOST_FILE_H
#define HOST_HOST_FILE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/source.h"
#include "host/sysctls.h"

/* Adds what the file says. False after an error; `source` must outlive the messages. */
bool host_file_read(const struct sysctls *sysctls, const struct source *source, struct diagnostics *diagnostics);

#endif
