/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/plan.h"

#include <assert.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

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

static void plan_sysctls(struct plan *plan, const struct ctreplay_machine *machine)
{
	size_t *n_planned = &plan->netns.n_sysctls;

	plan->sysctls = alloc_zeroed(machine->n_settings + 1, sizeof(*plan->sysctls));
	plan->netns.sysctls = plan->sysctls;
	for (size_t i = 0; i < machine->n_settings; i++) {
		const struct ctreplay_setting *setting = &machine->settings[i];

		if (!is_left_alone(setting->name))
			plan->sysctls[(*n_planned)++] = (struct netns_sysctl){
				.name = setting->name, .value = setting->value, .is_asked = setting->value != setting->default_value,
				.is_machines = is_machines(setting->name),
			};
	}
	plan->sysctls[(*n_planned)++] = (struct netns_sysctl){
		.name = "net.ipv6.conf.all.forwarding", .value = machine->forwards_ipv6, .is_asked = !machine->forwards_ipv6,
	};
}

/* What counts for an interface is set for it; "all" stays at 0 in the namespace. */
static void plan_interfaces(struct plan *plan, const struct ctreplay_machine *machine)
{
	plan->interfaces = alloc_zeroed(machine->n_interfaces, sizeof(*plan->interfaces));
	for (size_t i = 0; i < machine->n_interfaces; i++) {
		const struct ctreplay_interface *interface = &machine->interfaces[i];
		struct netns_interface_plan *planned = &plan->interfaces[i];

		planned->name = interface->name;
		planned->mtu = interface->mtu;
		planned->has_mac = interface->has_mac;
		memcpy(planned->mac, interface->mac, sizeof(planned->mac));
		for (size_t k = 0; k < interface->n_settings && k < NETNS_INTERFACE_SETTINGS; k++)
			planned->settings[k] = (struct netns_sysctl){
				.name = interface->settings[k].name, .value = interface->settings[k].value,
			};
	}
	plan->netns.interfaces = plan->interfaces;
	plan->netns.n_interfaces = machine->n_interfaces;
}

static struct address address_of(const struct ctreplay_address *address)
{
	return address_from_bytes((enum family)address->family, address->bytes);
}

static void plan_addresses(struct plan *plan, const struct ctreplay_machine *machine)
{
	plan->addresses = alloc_zeroed(machine->n_addresses + 1, sizeof(*plan->addresses));
	for (size_t i = 0; i < machine->n_addresses; i++) {
		const struct ctreplay_own_address *own = &machine->addresses[i];

		plan->addresses[i] = (struct netns_address){
			.family = (enum family)own->subnet.address.family,
			.address = address_of(&own->subnet.address),
			.prefix_len = own->subnet.len,
			.has_broadcast = own->broadcast.family != 0,
			.interface = own->interface,
		};
		if (own->broadcast.family)
			plan->addresses[i].broadcast = address_of(&own->broadcast);
	}
	plan->netns.addresses = plan->addresses;
	plan->netns.n_addresses = machine->n_addresses;
}

bool plan_is_possible(const struct ctreplay_machine *machine, struct text *error)
{
	for (size_t i = 1; i < machine->n_routes; i++) {
		const struct ctreplay_route *route = &machine->routes[i], *before = route - 1;

		if (!route->is_further_hop || strcmp(route->interface, before->interface) == 0)
			continue;
		text_printf(error, "a route leads over next hops by %s and %s: which one a packet takes, each kernel draws",
			    before->interface, route->interface);
		return false;
	}
	return true;
}

/* IPv4's MTU goes with the routes: the interfaces of the namespace must take what capture files hold. */
static uint32_t mtu_of(const struct ctreplay_machine *machine, const struct ctreplay_route *route)
{
	if (route->mtu || route->destination.address.family != FAMILY_IPV4 || !route->interface)
		return route->mtu;
	for (size_t i = 0; i < machine->n_interfaces; i++)
		if (strcmp(machine->interfaces[i].name, route->interface) == 0)
			return machine->interfaces[i].mtu;
	return 0;
}

/* Over several gateways of one interface a packet goes the same way for all that netfilter sees. */
static void plan_routes(struct plan *plan, const struct ctreplay_machine *machine)
{
	plan->routes = alloc_zeroed(machine->n_routes + 1, sizeof(*plan->routes));
	for (size_t i = 0; i < machine->n_routes; i++) {
		const struct ctreplay_route *route = &machine->routes[i];

		if (route->is_further_hop)
			continue;
		plan->routes[plan->netns.n_routes++] = (struct netns_route){
			.family = (enum family)route->destination.address.family,
			.type = (uint8_t)route->type,
			.table = route->table,
			.metric = route->metric,
			.mtu = mtu_of(machine, route),
			.destination = address_of(&route->destination.address),
			.prefix_len = route->destination.len,
			.interface = route->interface,
			.has_via = route->via.family != 0,
			.via = route->via.family ? address_of(&route->via) : (struct address){ { 0 } },
			.has_source = route->source.family != 0,
			.source = route->source.family ? address_of(&route->source) : (struct address){ { 0 } },
		};
	}
	plan->netns.routes = plan->routes;
}

static struct netns_prefix prefix_of(const struct ctreplay_prefix *prefix)
{
	struct netns_prefix planned = { .is_given = prefix->address.family != 0, .len = prefix->len };

	if (planned.is_given)
		planned.address = address_of(&prefix->address);
	return planned;
}

static_assert((int)CTREPLAY_ROUTE_UNICAST == FR_ACT_TO_TBL && (int)CTREPLAY_ROUTE_BLACKHOLE == FR_ACT_BLACKHOLE &&
	      (int)CTREPLAY_ROUTE_UNREACHABLE == FR_ACT_UNREACHABLE && (int)CTREPLAY_ROUTE_PROHIBIT == FR_ACT_PROHIBIT,
	      "what a rule does has the numbers of what a route does");
static_assert((int)CTREPLAY_ROUTE_UNICAST == RTN_UNICAST && (int)CTREPLAY_ROUTE_LOCAL == RTN_LOCAL &&
	      (int)CTREPLAY_ROUTE_BROADCAST == RTN_BROADCAST && (int)CTREPLAY_ROUTE_BLACKHOLE == RTN_BLACKHOLE &&
	      (int)CTREPLAY_ROUTE_UNREACHABLE == RTN_UNREACHABLE && (int)CTREPLAY_ROUTE_PROHIBIT == RTN_PROHIBIT &&
	      (int)CTREPLAY_ROUTE_THROW == RTN_THROW, "rtnetlink's numbers");

static void plan_rules(struct plan *plan, const struct ctreplay_machine *machine)
{
	plan->rules = alloc_zeroed(machine->n_rules + 1, sizeof(*plan->rules));
	for (size_t i = 0; i < machine->n_rules; i++) {
		const struct ctreplay_policy_rule *rule = &machine->rules[i];

		plan->rules[i] = (struct netns_rule){
			.family = (enum family)rule->family,
			.priority = rule->priority,
			.is_inverted = rule->is_inverted,
			.from = prefix_of(&rule->from),
			.to = prefix_of(&rule->to),
			.in = rule->in,
			.out = rule->out,
			.mark = rule->mark,
			.mark_mask = rule->mark_mask,
			.tos = rule->tos,
			.protocol = rule->protocol,
			.has_source_port = rule->has_source_port,
			.has_destination_port = rule->has_destination_port,
			.source_port = { rule->source_port[0], rule->source_port[1] },
			.destination_port = { rule->destination_port[0], rule->destination_port[1] },
			.action = (uint8_t)rule->action,
			.table = rule->table,
			.has_suppress_len = rule->has_suppress_len,
			.suppress_len = rule->suppress_len,
		};
	}
	plan->netns.rules = plan->rules;
	plan->netns.n_rules = machine->n_rules;
}

static void plan_groups(struct plan *plan, const struct ctreplay_machine *machine)
{
	plan->groups = alloc_zeroed(machine->n_groups + 1, sizeof(*plan->groups));
	for (size_t i = 0; i < machine->n_groups; i++)
		plan->groups[i] = (struct netns_group){
			.family = (enum family)machine->groups[i].group.family,
			.group = address_of(&machine->groups[i].group),
			.interface = machine->groups[i].interface,
		};
	plan->netns.groups = plan->groups;
	plan->netns.n_groups = machine->n_groups;
	plan->netns.knows_groups = machine->knows_groups;
}

void plan_init(struct plan *plan, const struct ctreplay_machine *machine)
{
	memset(plan, 0, sizeof(*plan));
	plan_interfaces(plan, machine);
	plan_addresses(plan, machine);
	plan_routes(plan, machine);
	plan_rules(plan, machine);
	plan_groups(plan, machine);
	plan_sysctls(plan, machine);
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
