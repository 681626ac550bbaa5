/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What iptables-extensions(8) 1.8.9 describes and this program does not simulate. A target changes a verdict when it
 * ends the chain, drops, or changes something that a simulated match looks at.
 */
#include <string.h>

#include "rules/extension.h"

#define MATCH(name, summary) { name, false, false, summary }
#define TARGET(name, changes_verdict, summary) { name, true, changes_verdict, summary }

static const struct unsimulated_extension extensions[] = {
	MATCH("ipvs", "IPVS connection of the packet (not in the reference kernel)"),
	TARGET("CLUSTERIP", true, "one address for a cluster (not in the reference kernel)"),
	TARGET("DNPT", true, "change the destination's prefix"),
	TARGET("LED", false, "light a lamp (not in the reference kernel)"),
	TARGET("SNPT", true, "change the source's prefix"),
	TARGET("ULOG", false, "a copy for a program that logs (not in the reference kernel)"),
};

const struct unsimulated_extension *extension_unsimulated(size_t *n)
{
	*n = sizeof(extensions) / sizeof(extensions[0]);
	return extensions;
}

const struct unsimulated_extension *extension_find_unsimulated(const char *name, bool is_target)
{
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		if (extensions[i].is_target == is_target && strcmp(extensions[i].name, name) == 0)
			return &extensions[i];
	}
	return NULL;
}
