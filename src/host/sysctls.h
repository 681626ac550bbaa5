/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every sysctl that counts here under its name: those of connection tracking and those of the host's IP layer. */
#ifndef HOST_SYSCTLS_H
#define HOST_SYSCTLS_H

#include <stdbool.h>

#include "base/text.h"
#include "conntrack/settings.h"
#include "host/topology.h"

/* Where sysctls are kept. */
struct sysctls {
	struct topology *topology;
	struct conntrack_settings *settings;
};

/* Sets one to a number. False: `problem` gets a sentence, *hint (static) becomes "did you mean" or NULL. */
bool sysctls_set(const struct sysctls *sysctls, const char *name, const char *value, struct text *problem,
		 const char **nearest);

#endif
