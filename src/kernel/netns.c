/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "kernel/netlink.h"
#include "kernel/links.h"

/*
 * What makes the namespace a host that answers as the simulated one is described: nothing limited, nothing
 * learned from replayed packets, no traffic of its own. Values that this kernel does not have are skipped.
 */
static const struct {
	const char *name, *value;
} sysctls[] = {
	{ "net.ipv4.ip_forward", "1" },
	/* What counts for an interface is set for it. */
	{ "net.ipv4.conf.all.rp_filter", "0" },
	{ "net.ipv4.conf.all.accept_local", "0" },
	{ "net.ipv4.conf.all.route_localnet", "0" },
	{ "net.ipv4.conf.all.src_valid_mark", "0" },
	{ "net.ipv4.conf.default.rp_filter", "0" },
	{ "net.ipv4.conf.all.log_martians", "0" },
	{ "net.ipv4.conf.default.log_martians", "0" },
	{ "net.ipv4.conf.all.send_redirects", "0" },
	{ "net.ipv4.conf.default.send_redirects", "0" },
	{ "net.ipv4.conf.all.accept_redirects", "0" },
	{ "net.ipv4.conf.default.accept_redirects", "0" },
	/* A replayed "fragmentation needed" must not teach the host a smaller MTU: later packets would not leave. */
	{ "net.ipv4.ip_no_pmtu_disc", "2" },
	{ "net.ipv4.icmp_echo_ignore_broadcasts", "0" },
	{ "net.ipv4.icmp_ratelimit", "0" },
	{ "net.ipv4.icmp_msgs_per_sec", "1000000" },
	{ "net.ipv4.icmp_msgs_burst", "1000000" },
	{ "net.ipv6.conf.all.disable_ipv6", "0" },
	{ "net.ipv6.conf.default.disable_ipv6", "0" },
	{ "net.ipv6.icmp.ratelimit", "0" },
	{ "net.ipv6.conf.all.accept_ra", "0" },
	{ "net.ipv6.conf.default.accept_ra", "0" },
	{ "net.ipv6.conf.all.accept_redirects", "0" },
	{ "net.ipv6.conf.default.accept_redirects", "0" },
	{ "net.ipv6.conf.all.autoconf", "0" },
	{ "net.ipv6.conf.default.autoconf", "0" },
	{ "net.ipv6.conf.default.addr_gen_mode", "1" },
	{ "net.ipv6.conf.default.accept_dad", "0" },
	{ "net.ipv6.conf.default.router_solicitations", "0" },
	/* Rules that match are traced to NFLOG group 0, and so are the reasons why a packet is INVALID. */
	{ "net.netfilter.nf_log.2", "nfnetlink_log" },
	{ "net.netfilter.nf_log.10", "nfnetlink_log" },
};

/* Of each interface, besides what the plan says of it; the value of "all" alone does not do. */
static const struct {
	const char *folder, *name, *value;
} interface_sysctls[] = {
	{ "ipv6", "accept_dad", "0" },
	{ "ipv6", "accept_ra", "0" },
	{ "ipv6", "addr_gen_mode", "1" },
	{ "ipv6", "router_solicitations", "0" },
};

static bool write_file(const char *path, const char *value)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	bool is_ok;

	if (file < 0)
		return false;
	is_ok = write(file, value, strlen(value)) == (ssize_t)strlen(value);
	close(file);
	return is_ok;
}

/* Of a sysctl, or of a module's parameter. False when the path is too long. */
static bool sysctl_path(const char *name, char *path, size_t size)
{
	size_t len = (size_t)snprintf(path, size, "/proc/sys/");

	if (strncmp(name, "net.", 4) != 0) {
		size_t module_len = strcspn(name, ".");

		return (size_t)snprintf(path, size, "/sys/module/%.*s/parameters/%s", (int)module_len, name,
					name + module_len + (name[module_len] == '.')) < size;
	}
	for (; *name && len + 1 < size; name++)
		path[len++] = *name == '.' ? '/' : *name;
	path[len] = '\0';
	return *name == '\0';
}

bool netns_set_sysctl(const char *name, const char *value)
{
	char path[256];

	return sysctl_path(name, path, sizeof(path)) && write_file(path, value);
}

void netns_read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (fgets(line, (int)size, file))
		line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

static bool fail(struct text *error, const char *what)
{
	text_printf(error, "%s: %s", what, strerror(errno));
	return false;
}

/* Without privilege a user namespace gives it, over itself alone. */
static bool enter_user_namespace(uid_t user, gid_t group)
{
	char map[64];

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", (unsigned)user);
	if (!write_file("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", (unsigned)group);
	return write_file("/proc/self/gid_map", map);
}

static bool enter(struct netns *netns, struct text *error)
{
	uid_t user = geteuid();
	gid_t group = getegid();

	if (unshare(CLONE_NEWNET) == 0)
		return true;
	if (errno != EPERM)
		return fail(error, "a network namespace (unshare)");
	if (!enter_user_namespace(user, group))
		return fail(error, "a network namespace needs root, and a user namespace is not allowed here");
	netns->is_unprivileged = true;
	return true;
}

/* Two processors could change the order of what the kernel says. */
static void stay_on_one_processor(void)
{
	cpu_set_t allowed, one;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) < 0)
		return;
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, &allowed))
			continue;
		CPU_ZERO(&one);
		CPU_SET(i, &one);
		sched_setaffinity(0, sizeof(one), &one);
		return;
	}
}

/* Interface names may hold dots: these paths are not made from sysctl names. */
static void set_interface_sysctls(const struct netns_interface *interface, const struct netns_interface_plan *plan)
{
	char path[256], value[16];

	for (size_t i = 0; i < NETNS_INTERFACE_SETTINGS; i++) {
		snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/%s", interface->name, plan->settings[i].name);
		snprintf(value, sizeof(value), "%u", (unsigned)plan->settings[i].value);
		write_file(path, value);
	}

	for (size_t i = 0; i < sizeof(interface_sysctls) / sizeof(interface_sysctls[0]); i++) {
		snprintf(path, sizeof(path), "/proc/sys/net/%s/conf/%s/%s", interface_sysctls[i].folder, interface->name,
			 interface_sysctls[i].name);
		write_file(path, interface_sysctls[i].value);
	}
}

static bool open_device(struct netns *netns, struct netns_interface *interface,
			const struct netns_interface_plan *plan, struct text *error)
{
	struct ifreq request = { .ifr_flags = (short)((netns->is_ethernet ? IFF_TAP : IFF_TUN) | IFF_NO_PI) };
	size_t number = (size_t)(interface - netns->interfaces) + 1;

	interface->device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (interface->device < 0)
		return fail(error, "/dev/net/tun (module tun)");
	memcpy(request.ifr_name, interface->name, sizeof(request.ifr_name));
	if (ioctl(interface->device, TUNSETIFF, &request) < 0) {
		text_printf(error, "interface %s: %s", interface->name, strerror(errno));
		return false;
	}
	interface->index = (int)if_nametoindex(interface->name);
	memcpy(interface->mac, plan->has_mac ? plan->mac : (uint8_t[]){ 2, 0, 0, 0, 0, (uint8_t)number },
	       sizeof(interface->mac));
	set_interface_sysctls(interface, plan);
	return true;
}

static bool add_interface(struct netns *netns, const struct netns_interface_plan *plan, struct text *error)
{
	struct netns_interface *interface = &netns->interfaces[netns->n_interfaces];

	if (strcmp(plan->name, NETNS_LOOPBACK) == 0)
		return true;
	if (netns->n_interfaces == NETNS_MOST_INTERFACES || strlen(plan->name) >= sizeof(interface->name)) {
		text_printf(error, "interface %s: too many, or too long a name", plan->name);
		return false;
	}
	strcpy(interface->name, plan->name);
	netns->n_interfaces++;
	return open_device(netns, interface, plan, error);
}

/* One of the whole machine is left alone: it must have the value. */
static bool has_machines_value(const struct netns_sysctl *sysctl, const char *value, struct text *error)
{
	char path[256], line[32];

	sysctl_path(sysctl->name, path, sizeof(path));
	netns_read_line(path, line, sizeof(line));
	if (strcmp(line, value) == 0 || (strcmp(line, "Y") == 0 && strcmp(value, "1") == 0) ||
	    (strcmp(line, "N") == 0 && strcmp(value, "0") == 0))
		return true;
	text_printf(error, "%s=%s: it holds for the whole machine, where it is %s", sysctl->name, value, *line ? line : "not known");
	return false;
}

static bool set_sysctl(const struct netns_sysctl *sysctl, struct text *error)
{
	char value[16];

	snprintf(value, sizeof(value), "%u", (unsigned)sysctl->value);
	if (sysctl->is_machines)
		return !sysctl->is_asked || has_machines_value(sysctl, value, error);
	if (netns_set_sysctl(sysctl->name, value) || !sysctl->is_asked)
		return true;
	text_printf(error, "%s=%s: %s", sysctl->name, value, errno == ENOENT ? "this kernel does not have it" : strerror(errno));
	return false;
}

static bool set_sysctls(const struct netns_plan *plan, struct text *error)
{
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		netns_set_sysctl(sysctls[i].name, sysctls[i].value);
	for (size_t i = 0; i < plan->n_sysctls; i++)
		if (!set_sysctl(&plan->sysctls[i], error))
			return false;
	return true;
}

static bool add_interfaces(struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	bool is_ok = true;

	for (size_t i = 0; i < plan->n_interfaces && is_ok; i++)
		is_ok = add_interface(netns, &plan->interfaces[i], error);
	return is_ok;
}

/* IPv6 keeps an MTU of its own; a change of the device's, which is larger, sets it back. */
static void set_ipv6_mtus(const struct netns_plan *plan)
{
	char path[256], value[16];

	for (size_t i = 0; i < plan->n_interfaces; i++) {
		if (!plan->interfaces[i].mtu)
			continue;
		snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/mtu", plan->interfaces[i].name);
		snprintf(value, sizeof(value), "%u", (unsigned)plan->interfaces[i].mtu);
		write_file(path, value);
	}
}

bool netns_open(struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	memset(netns, 0, sizeof(*netns));
	netns->is_ethernet = plan->is_ethernet;
	netns->knows_groups = plan->knows_groups;
	for (size_t i = 0; i < NETNS_MOST_INTERFACES; i++)
		netns->interfaces[i].device = -1;
	if (!enter(netns, error))
		return false;
	stay_on_one_processor();
	if (!set_sysctls(plan, error) || !add_interfaces(netns, plan, error) || !links_set_up(netns, plan, error))
		return false;
	set_ipv6_mtus(plan);
	return true;
}

void netns_close(struct netns *netns)
{
	for (size_t i = 0; i < netns->n_interfaces; i++)
		if (netns->interfaces[i].device >= 0)
			close(netns->interfaces[i].device);
	netns->n_interfaces = 0;
}

const struct netns_interface *netns_find(const struct netns *netns, const char *name)
{
	for (size_t i = 0; i < netns->n_interfaces; i++)
		if (strcmp(netns->interfaces[i].name, name) == 0)
			return &netns->interfaces[i];
	return NULL;
}

const struct netns_interface *netns_find_index(const struct netns *netns, uint32_t index)
{
	for (size_t i = 0; i < netns->n_interfaces; i++)
		if ((uint32_t)netns->interfaces[i].index == index)
			return &netns->interfaces[i];
	return NULL;
}
