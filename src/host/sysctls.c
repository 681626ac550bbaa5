/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/sysctls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const char *find_nearest(const char *name)
{
	static const char *const own[] = { "net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding",
					   "net.ipv4.conf.all.rp_filter", "net.ipv4.conf.all.accept_local",
					   "net.ipv4.conf.all.route_localnet" };
	enum { N_OWN = sizeof(own) / sizeof(own[0]) };
	size_t n;
	const struct sysctl *table = settings_sysctls(&n);
	const char **names = alloc_zeroed(n + N_OWN, sizeof(*names));
	const char *nearest;

	for (size_t i = 0; i < n; i++)
		names[i] = table[i].name;
	memcpy(names + n, own, sizeof(own));
	nearest = diag_nearest(name, names, n + N_OWN);
	free(names);
	return nearest;
}

static bool parse_value(const char *text, uint32_t *value)
{
	unsigned long long number;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoull(text, &end, 0);
	*value = (uint32_t)number;
	return errno == 0 && *end == '\0' && number <= UINT32_MAX;
}

bool sysctls_set(const struct sysctls *sysctls, const char *name, const char *value, struct text *problem,
		 const char **nearest)
{
	const struct sysctl *sysctl = settings_find(name);
	const char *why;
	uint32_t number;

	*nearest = NULL;
	if (sysctl) {
		if (parse_value(value, &number) && settings_apply(sysctls->settings, sysctl, number))
			return true;
		text_printf(problem, "%s: '%s' is not a whole number from %u to %u", sysctl->name, value,
			    (unsigned)sysctl->min, (unsigned)sysctl->max);
		return false;
	}
	if (host_settings_knows(name)) {
		why = parse_value(value, &number) ? host_settings_set(sysctls->topology, name, number)
						  : "a whole number is expected";
		if (why)
			text_printf(problem, "%s: '%s': %s", name, value, why);
		return !why;
	}
	text_printf(problem, "unknown name '%s'", name);
	*nearest = find_nearest(name);
	return false;
}
