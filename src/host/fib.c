/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/fib.h"

#include <inttypes.h>
#include <string.h>

#include "host/fib_rows.h"

enum { TOS_MASK_IPV4 = 0x1c, TOS_MASK_IPV6 = 0xfc };

static bool is_same_interface(const char *name, const char *wanted)
{
	return name == wanted || strcmp(name, wanted) == 0;
}

/* Linux 6.18, fib_rule_match(), fib4_rule_match(), fib6_rule_match(). */
static bool is_match(const struct policy_rule *rule, const struct fib_flow *flow)
{
	uint8_t tos = flow->tos & (flow->family == FAMILY_IPV4 ? TOS_MASK_IPV4 : TOS_MASK_IPV6);
	bool matches = true;

	if (rule->in)
		matches &= is_same_interface(rule->in, flow->in ? flow->in : "lo");
	if (rule->out)		/* only a socket that is bound to an interface asks for one */
		matches = false;
	matches &= ((flow->mark ^ rule->mark) & rule->mark_mask) == 0;
	matches &= !rule->tos || rule->tos == tos;
	matches &= !rule->has_from || (flow->source && address_is_in(flow->source, &rule->from));
	matches &= !rule->has_to || address_is_in(flow->destination, &rule->to);
	return matches != rule->is_inverted;
}

/* The table that the host's addresses make; what routes add to it is looked up like any other. */
static bool find_own(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *answer)
{
	const char *interface = topology_interface_of(topology, flow->family, flow->destination);

	if (interface)
		*answer = (struct fib_answer){ .is_found = true, .type = ROUTE_LOCAL, .interface = interface };
	else if (flow->family == FAMILY_IPV4 && topology_is_subnet_broadcast(topology, flow->destination, NULL))
		*answer = (struct fib_answer){ .is_found = true, .type = ROUTE_BROADCAST };
	return answer->is_found;
}

static const struct route *find_in_table(const struct topology *topology, const struct policy_rule *rule,
					 const struct fib_flow *flow)
{
	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];

		if (route->table != rule->table || route->family != flow->family || (route->is_dead && !flow->is_about_place) ||
		    !address_is_in(flow->destination, &route->destination))
			continue;
		if (rule->has_suppress_len && (uint32_t)route->prefix_len <= rule->suppress_len)
			return NULL;
		return route;
	}
	return NULL;
}

/* What one rule says: false when the next one is to be asked. */
static bool ask_rule(const struct topology *topology, const struct policy_rule *rule, const struct fib_flow *flow,
		     struct fib_answer *answer)
{
	const struct route *route;

	if (rule->action != ROUTE_UNICAST) {
		*answer = (struct fib_answer){ .is_found = true, .type = rule->action };
		return true;
	}
	if (rule->table == TABLE_ID_LOCAL && find_own(topology, flow, answer))
		return true;
	route = find_in_table(topology, rule, flow);
	if (!route || route->type == ROUTE_THROW)
		return false;
	*answer = (struct fib_answer){
		.is_found = true, .type = route->type, .route = route, .interface = route->interface,
	};
	return true;
}

void fib_search(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *answer)
{
	/* The three rules that every host has match everything. */
	bool is_usual = !topology->has_policy_rules[flow->family == FAMILY_IPV6];

	*answer = (struct fib_answer){ .is_found = false };
	for (size_t i = 0; i < topology->n_rules; i++) {
		const struct policy_rule *rule = &topology->rules[i];

		if (rule->family != flow->family || (flow->is_about_place && rule->table == TABLE_ID_LOCAL) ||
		    !(is_usual || is_match(rule, flow)))
			continue;
		if (!ask_rule(topology, rule, flow, answer))
			continue;
		answer->rule = rule;
		return;
	}
}

void fib_lookup(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *answer)
{
	if (!fib_rows_find(topology->fib_rows, flow->is_about_place ? FIB_PLACE : FIB_WAY, flow->family, flow->destination, answer))
		fib_search(topology, flow, answer);
}

const struct route *fib_route_towards(const struct topology *topology, enum family family, const struct address *address)
{
	struct fib_flow flow = { .family = family, .destination = address, .is_about_place = true };
	struct fib_answer answer;

	fib_lookup(topology, &flow, &answer);
	return answer.is_found && answer.type == ROUTE_UNICAST ? answer.route : NULL;
}

const char *fib_interface_towards(const struct topology *topology, enum family family, const struct address *address)
{
	const struct route *route = fib_route_towards(topology, family, address);

	return route && route->interface ? route->interface : topology_first_interface(topology);
}

uint32_t fib_mtu(const struct route *route)
{
	if (!route)
		return 0;
	return route->mtu ? route->mtu : route->interface_mtu;
}

uint32_t fib_forwarding_mtu(const struct route *route)
{
	return route && route->family == FAMILY_IPV6 ? route->interface_mtu : fib_mtu(route);
}

const char *fib_type_name(enum route_type type)
{
	static const char *const names[ROUTE_TYPE_COUNT] = {
		[ROUTE_UNICAST] = "unicast", [ROUTE_LOCAL] = "local", [ROUTE_BROADCAST] = "broadcast",
		[ROUTE_BLACKHOLE] = "blackhole", [ROUTE_UNREACHABLE] = "unreachable",
		[ROUTE_PROHIBIT] = "prohibit", [ROUTE_THROW] = "throw",
	};

	return names[type];
}

void fib_print_table(uint32_t table, struct text *out)
{
	if (table == TABLE_ID_MAIN)
		text_append(out, "main");
	else if (table == TABLE_ID_LOCAL)
		text_append(out, "local");
	else if (table == TABLE_ID_DEFAULT)
		text_append(out, "default");
	else
		text_printf(out, "%" PRIu32, table);
}

void fib_print_route(const struct route *route, struct text *out)
{
	if (route->type != ROUTE_UNICAST)
		text_printf(out, "%s ", fib_type_name(route->type));
	if (route->prefix_len)
		address_print_masked(route->family, &route->destination, out);
	else
		text_append(out, "default");
	if (route->has_via) {
		text_append(out, " via ");
		address_print(route->family, &route->via, out);
	}
	if (route->interface)
		text_printf(out, " dev %s", route->interface);
	if (route->table != TABLE_ID_MAIN) {
		text_append(out, " table ");
		fib_print_table(route->table, out);
	}
}
