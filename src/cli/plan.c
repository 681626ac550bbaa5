/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/plan.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "host/fib.h"

static bool is_among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(name, names[i]))
			return true;
	return false;
}

/* Of all namespaces together. */
static bool is_machines(const char *name)
{
	static const char *const names[] = { "nf_conntrack_max", "nf_conntrack_expect_max", "nf_conntrack_h323." };

	return is_among(names, sizeof(names) / sizeof(names[0]), name);
}

/* Set by us to observe, while the events show what the user's settings would; or without a difference that shows. */
static bool is_left_alone(const char *name)
{
	static const char *const names[] = { "nf_conntrack_acct", "nf_conntrack_events", "nf_conntrack_log_invalid",
					     "nf_conntrack_buckets" };

	return is_among(names, sizeof(names) / sizeof(names[0]), name);
}

static void plan_sysctls(struct plan *plan, const struct topology *topology, const struct conntrack_settings *settings)
{
	size_t n, *n_planned = &plan->netns.n_sysctls;
	const struct sysctl *sysctls = settings_sysctls(&n);

	plan->sysctls = alloc_zeroed(n + 1, sizeof(*plan->sysctls));
	plan->netns.sysctls = plan->sysctls;
	for (size_t i = 0; i < n; i++)
		if (!is_left_alone(sysctls[i].name))
			plan->sysctls[(*n_planned)++] = (struct netns_sysctl){
				.name = sysctls[i].name,
				.value = settings_value(settings, &sysctls[i]),
				.is_asked = settings_value(settings, &sysctls[i]) != sysctls[i].default_value,
				.is_machines = is_machines(sysctls[i].name),
			};
	plan->sysctls[(*n_planned)++] = (struct netns_sysctl){
		.name = "net.ipv6.conf.all.forwarding", .value = topology->forwards_ipv6, .is_asked = !topology->forwards_ipv6,
	};
}

/* What counts for an interface is set for it; "all" stays at 0 in the namespace. */
static void plan_interfaces(struct plan *plan, const struct topology *topology)
{
	const struct host_sysctl *table = host_settings_table();

	plan->interfaces = alloc_zeroed(topology->n_interfaces, sizeof(*plan->interfaces));
	for (size_t i = 0; i < topology->n_interfaces; i++) {
		const struct interface *interface = topology->interfaces[i];
		struct netns_interface_plan *planned = &plan->interfaces[i];

		planned->name = interface->name;
		planned->mtu = interface->mtu;
		planned->has_mac = interface->has_mac;
		memcpy(planned->mac, interface->mac, sizeof(planned->mac));
		for (int k = 0; k < HOST_SETTING_COUNT; k++)
			planned->settings[k] = (struct netns_sysctl){
				.name = table[k].name,
				.value = (uint32_t)host_settings_value(topology, interface->name, (enum host_setting)k),
			};
	}
	plan->netns.interfaces = plan->interfaces;
	plan->netns.n_interfaces = topology->n_interfaces;
}

static void plan_addresses(struct plan *plan, const struct topology *topology)
{
	plan->addresses = alloc_zeroed(topology->n_addresses + 1, sizeof(*plan->addresses));
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *address = &topology->addresses[i];

		plan->addresses[i] = (struct netns_address){
			.family = address->family,
			.address = address->address,
			.prefix_len = (unsigned)address_mask_prefix_len(address->family, &address->subnet.mask),
			.has_broadcast = address->has_broadcast,
			.broadcast = address->broadcast,
			.interface = address->interface,
		};
	}
	plan->netns.addresses = plan->addresses;
	plan->netns.n_addresses = topology->n_addresses;
}

static uint8_t kernel_type(enum route_type type)
{
	static const uint8_t types[ROUTE_TYPE_COUNT] = {
		[ROUTE_UNICAST] = RTN_UNICAST, [ROUTE_LOCAL] = RTN_LOCAL, [ROUTE_BROADCAST] = RTN_BROADCAST,
		[ROUTE_BLACKHOLE] = RTN_BLACKHOLE, [ROUTE_UNREACHABLE] = RTN_UNREACHABLE,
		[ROUTE_PROHIBIT] = RTN_PROHIBIT, [ROUTE_THROW] = RTN_THROW,
	};

	return types[type];
}

/* Over several gateways of one interface a packet goes the same way for all that netfilter sees. */
static bool is_further_hop(const struct topology *topology, size_t i)
{
	return i && topology->routes[i].hop_group && topology->routes[i - 1].hop_group == topology->routes[i].hop_group;
}

bool plan_is_possible(const struct topology *topology, struct text *error)
{
	for (size_t i = 1; i < topology->n_routes; i++) {
		if (!is_further_hop(topology, i) || topology->routes[i].interface == topology->routes[i - 1].interface)
			continue;
		text_printf(error, "a route leads over next hops by %s and %s: which one a packet takes, each kernel draws",
			    topology->routes[i - 1].interface, topology->routes[i].interface);
		return false;
	}
	return true;
}

/* IPv4's MTU goes with the routes: the interfaces of the namespace must take what capture files hold. */
static void plan_routes(struct plan *plan, const struct topology *topology)
{
	plan->routes = alloc_zeroed(topology->n_routes + 1, sizeof(*plan->routes));
	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];

		if (is_further_hop(topology, i))
			continue;
		plan->routes[plan->netns.n_routes++] = (struct netns_route){
			.family = route->family,
			.type = kernel_type(route->type),
			.table = route->table,
			.metric = route->metric,
			.mtu = route->family == FAMILY_IPV4 ? fib_mtu(route) : route->mtu,
			.destination = route->destination.address,
			.prefix_len = (unsigned)route->prefix_len,
			.interface = route->interface,
			.has_via = route->has_via,
			.via = route->via,
			.has_source = route->has_source,
			.source = route->source,
		};
	}
	plan->netns.routes = plan->routes;
}

static void plan_prefix(bool is_given, enum family family, const struct masked_address *prefix,
			struct netns_prefix *planned)
{
	planned->is_given = is_given;
	planned->address = prefix->address;
	planned->len = is_given ? (unsigned)address_mask_prefix_len(family, &prefix->mask) : 0;
}

static void plan_rules(struct plan *plan, const struct topology *topology)
{
	plan->rules = alloc_zeroed(topology->n_rules + 1, sizeof(*plan->rules));
	for (size_t i = 0; i < topology->n_rules; i++) {
		const struct policy_rule *rule = &topology->rules[i];
		struct netns_rule *planned = &plan->rules[plan->netns.n_rules];

		if (topology_is_usual_rule(rule))
			continue;	/* every namespace has them */
		*planned = (struct netns_rule){
			.family = rule->family,
			.priority = rule->priority,
			.is_inverted = rule->is_inverted,
			.in = rule->in,
			.out = rule->out,
			.mark = rule->mark,
			.mark_mask = rule->mark_mask,
			.tos = rule->tos,
			.protocol = rule->protocol,
			.has_source_port = rule->has_source_port,
			.has_destination_port = rule->has_destination_port,
			.source_port = { rule->source_port.first, rule->source_port.last },
			.destination_port = { rule->destination_port.first, rule->destination_port.last },
			.action = rule->action == ROUTE_UNICAST ? FR_ACT_TO_TBL
				  : rule->action == ROUTE_BLACKHOLE ? FR_ACT_BLACKHOLE
				  : rule->action == ROUTE_PROHIBIT ? FR_ACT_PROHIBIT : FR_ACT_UNREACHABLE,
			.table = rule->table,
			.has_suppress_len = rule->has_suppress_len,
			.suppress_len = rule->suppress_len,
		};
		plan_prefix(rule->has_from, rule->family, &rule->from, &planned->from);
		plan_prefix(rule->has_to, rule->family, &rule->to, &planned->to);
		plan->netns.n_rules++;
	}
	plan->netns.rules = plan->rules;
}

static void plan_groups(struct plan *plan, const struct topology *topology)
{
	plan->groups = alloc_zeroed(topology->n_groups + 1, sizeof(*plan->groups));
	for (size_t i = 0; i < topology->n_groups; i++)
		plan->groups[i] = (struct netns_group){
			.family = topology->groups[i].family,
			.group = topology->groups[i].group,
			.interface = topology->groups[i].interface,
		};
	plan->netns.groups = plan->groups;
	plan->netns.n_groups = topology->n_groups;
	plan->netns.knows_groups = topology->knows_groups;
}

void plan_init(struct plan *plan, const struct topology *topology, const struct conntrack_settings *settings)
{
	memset(plan, 0, sizeof(*plan));
	plan_interfaces(plan, topology);
	plan_addresses(plan, topology);
	plan_routes(plan, topology);
	plan_rules(plan, topology);
	plan_groups(plan, topology);
	plan_sysctls(plan, topology, settings);
}

void plan_clear(struct plan *plan)
{
	free(plan->interfaces);
	free(plan->addresses);
	free(plan->routes);
	free(plan->rules);
	free(plan->groups);
	free(plan->sysctls);
	memset(plan, 0, sizeof(*plan));
}
