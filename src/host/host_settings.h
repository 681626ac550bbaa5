/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sysctls of the host's IP layer: net.ipv4.ip_forward, net.ipv4.conf.{all,default,IFACE}.*, net.ipv6.conf.all.forwarding.
 *
 * One table drives setting, defaults, `ctreplay list sysctls` and the namespace of `ctreplay verify`. Where a capture's user
 * says nothing of a setting, an assumption counts, under which nothing is dropped for it; as soon as one of all, default or
 * an interface is set, the rest is what a kernel begins with: 0. Linux 6.18, include/linux/inetdevice.h: IN_DEV_*CONF().
 */
#ifndef HOST_HOST_SETTINGS_H
#define HOST_HOST_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

struct topology;
struct interface;

enum host_setting {
	HOST_FORWARDING, HOST_RP_FILTER, HOST_ACCEPT_LOCAL, HOST_ROUTE_LOCALNET, HOST_SRC_VALID_MARK, HOST_SETTING_COUNT,
};

/* Of "all", of "default", or of one interface. -1: nothing was said. */
struct host_settings {
	int8_t value[HOST_SETTING_COUNT];
};

struct host_sysctl {
	const char *name;		/* "rp_filter", below net.ipv4.conf.IFACE */
	uint8_t most;
	uint8_t assumed;		/* of an interface, as long as nothing is said */
	bool is_joined;			/* the larger of all's and the interface's counts; else the interface's alone */
	const char *summary;
};

/* HOST_SETTING_COUNT rows, in the order of the enum. */
const struct host_sysctl *host_settings_table(void);

void host_settings_init(struct host_settings *settings);

/* True when `name` is one of ours: net.ipv4.ip_forward, net.ipv4.conf.*, net.ipv6.conf.all.forwarding; . or / between. */
bool host_settings_knows(const char *name);

/* Sets one that is known by host_settings_knows(). NULL, or why not: a sentence, static. */
const char *host_settings_set(struct topology *topology, const char *name, uint32_t value);

/* What counts for an interface; NULL: for one of which nothing is known. */
int host_settings_value(const struct topology *topology, const struct interface *interface, enum host_setting setting);

#endif
