/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/host_settings.h"

#include <string.h>

#include "host/topology.h"

static const struct host_sysctl table[HOST_SETTING_COUNT] = {
	[HOST_FORWARDING] = { "forwarding", 1, 1, false, "packets for others are forwarded; net.ipv4.ip_forward sets all of them" },
	[HOST_RP_FILTER] = { "rp_filter", 2, 0, true, "a source must be reached by the interface it came from (1), or at all (2)" },
	[HOST_ACCEPT_LOCAL] = { "accept_local", 1, 1, true, "packets with one of the host's own addresses as source may come in" },
	[HOST_ROUTE_LOCALNET] = { "route_localnet", 1, 1, true, "127.0.0.0/8 may come in from outside" },
	[HOST_SRC_VALID_MARK] = { "src_valid_mark", 1, 0, true, "rp_filter looks up the way back with the packet's mark" },
};

static const char ipv4_prefix[] = "net.ipv4.conf.";

const struct host_sysctl *host_settings_table(void)
{
	return table;
}

void host_settings_init(struct host_settings *settings)
{
	memset(settings->value, -1, sizeof(settings->value));
}

/* sysctl(8) takes dots and slashes alike. True when `name` begins with `prefix`. */
static bool has_prefix(const char *name, const char *prefix)
{
	for (; *prefix; prefix++, name++)
		if (*name != *prefix && !(*name == '/' && *prefix == '.'))
			return false;
	return true;
}

static bool is_named(const char *name, const char *wanted)
{
	return strlen(name) == strlen(wanted) && has_prefix(name, wanted);
}

/* The setting behind the last separator: interface names may hold dots. */
static bool find_setting(const char *name, enum host_setting *setting, size_t *interface_len)
{
	const char *rest = name + strlen(ipv4_prefix), *dot = strrchr(rest, '.'), *slash = strrchr(rest, '/');
	const char *last = !dot || (slash && slash > dot) ? slash : dot;

	if (!last || last == rest || last - rest > TOPOLOGY_NAME_LEN)
		return false;
	for (int i = 0; i < HOST_SETTING_COUNT; i++)
		if (strcmp(table[i].name, last + 1) == 0) {
			*setting = (enum host_setting)i;
			*interface_len = (size_t)(last - rest);
			return true;
		}
	return false;
}

bool host_settings_knows(const char *name)
{
	enum host_setting setting;
	size_t len;

	return is_named(name, "net.ipv4.ip_forward") || is_named(name, "net.ipv6.conf.all.forwarding") ||
	       (has_prefix(name, ipv4_prefix) && find_setting(name, &setting, &len));
}

/* Linux 6.18, inet_forward_change(): for all, for those to come, and for every interface that is there. */
static void set_forwarding(struct topology *topology, int8_t value)
{
	topology->all_settings.value[HOST_FORWARDING] = value;
	topology->default_settings.value[HOST_FORWARDING] = value;
	topology->n_forwarding_changes++;
}

static void set_for_one(const struct topology *topology, struct interface *interface, enum host_setting setting, int8_t value)
{
	interface->settings.value[setting] = value;
	if (setting == HOST_FORWARDING)
		interface->forwarding_change = topology->n_forwarding_changes;
}

static void set_for(struct topology *topology, const char *interface, enum host_setting setting, int8_t value)
{
	if (strcmp(interface, "all") != 0 && strcmp(interface, "default") != 0)
		set_for_one(topology, topology_add_interface(topology, interface), setting, value);
	else if (strcmp(interface, "default") == 0)
		topology->default_settings.value[setting] = value;
	else if (setting == HOST_FORWARDING)
		set_forwarding(topology, value);
	else
		topology->all_settings.value[setting] = value;
	topology->assumed_settings.value[setting] = 0;
}

const char *host_settings_set(struct topology *topology, const char *name, uint32_t value)
{
	enum host_setting setting = HOST_FORWARDING;
	char interface[TOPOLOGY_NAME_LEN + 1] = "all";
	size_t len;

	if (has_prefix(name, ipv4_prefix) && find_setting(name, &setting, &len)) {
		memcpy(interface, name + strlen(ipv4_prefix), len);
		interface[len] = '\0';
	}
	if (value > table[setting].most)
		return table[setting].most == 1 ? "it is 0 or 1" : "it is 0, 1 or 2";
	if (is_named(name, "net.ipv6.conf.all.forwarding"))
		topology->forwards_ipv6 = value != 0;
	else
		set_for(topology, interface, setting, (int8_t)value);
	return NULL;
}

int host_settings_value(const struct topology *topology, const struct interface *interface, enum host_setting setting)
{
	int value = interface ? interface->settings.value[setting] : -1, all = topology->all_settings.value[setting];

	if (setting == HOST_FORWARDING && interface && interface->forwarding_change != topology->n_forwarding_changes)
		value = -1;
	if (value < 0)
		value = topology->default_settings.value[setting];
	if (value < 0)
		value = topology->assumed_settings.value[setting];
	return table[setting].is_joined && all > value ? all : value;
}
