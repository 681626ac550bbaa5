/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/fib.h"

#include <inttypes.h>
#include <string.h>

#include "base/jhash.h"
#include "host/fib_index.h"
#include "host/fib_rows.h"

enum { TOS_MASK_IPV4 = 0x1c, TOS_MASK_IPV6 = 0xfc };

static bool is_same_interface(const char *name, const char *wanted)
{
	return name == wanted || strcmp(name, wanted) == 0;
}

static bool is_in_span(uint16_t port, const struct port_span *span)
{
	return port >= span->first && port <= span->last;
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
	matches &= !rule->protocol || rule->protocol == flow->protocol;
	matches &= !rule->has_source_port || is_in_span(flow->source_port, &rule->source_port);
	matches &= !rule->has_destination_port || is_in_span(flow->destination_port, &rule->destination_port);
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
	const struct route *route = fib_index_find(topology->fib_index, rule->table, flow->family, flow->destination, flow->is_about_place);

	return route && rule->has_suppress_len && (uint32_t)route->prefix_len <= rule->suppress_len ? NULL : route;
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

/* The hop behind this one of the same route; NULL: it is the last. */
static const struct route *next_hop(const struct topology *topology, const struct route *hop)
{
	const struct route *next = hop + 1;

	return hop->hop_group && next < topology->routes + topology->n_routes && next->hop_group == hop->hop_group ? next : NULL;
}

/*
 * Linux 6.18, fib_select_multipath(): by a hash of both addresses (fib_multipath_hash_policy 0), each hop as often as its
 * weight says. The kernel's hash has a key that is drawn when it boots.
 */
static const struct route *choose_hop(const struct topology *topology, const struct fib_flow *flow,
				      const struct route *first)
{
	static const struct address unknown;
	const struct address *source = flow->source ? flow->source : &unknown;
	uint32_t words[8], share;
	uint64_t sum = 0;

	for (const struct route *hop = first; hop; hop = next_hop(topology, hop))
		sum += hop->is_dead ? 0 : hop->weight;
	for (unsigned i = 0; i < 4; i++) {
		words[i] = jhash_little_endian((const uint8_t *)&source->word[i]);
		words[4 + i] = jhash_little_endian((const uint8_t *)&flow->destination->word[i]);
	}
	share = (uint32_t)(jhash(words, 8, topology->hop_seed) * sum >> 32);
	while (first->is_dead || share >= first->weight) {
		share -= first->is_dead ? 0 : first->weight;
		first = next_hop(topology, first);
	}
	return first;
}

/* By the rows where they can tell; else searched for, and put into `found`. */
static inline const struct fib_answer *find(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *found)
{
	enum fib_question question = flow->is_about_place ? FIB_PLACE : FIB_WAY;
	const struct fib_answer *answer = fib_rows_find(topology->fib_rows, question, flow->family, flow->destination);

	if (answer)
		return answer;
	fib_search(topology, flow, found);
	return found;
}

void fib_lookup(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *answer)
{
	const struct fib_answer *found = find(topology, flow, answer);

	if (found != answer)
		*answer = *found;
	if (!answer->route || !answer->route->hop_group || flow->is_about_place)
		return;
	answer->route = choose_hop(topology, flow, answer->route);
	answer->interface = answer->route->interface;
}

bool fib_leads_by(const struct topology *topology, const struct fib_answer *answer, const char *interface)
{
	const struct route *hop = answer->route;

	/* Whichever was chosen: back to the first. */
	while (hop && hop->hop_group && hop > topology->routes && hop[-1].hop_group == hop->hop_group)
		hop--;
	for (; hop; hop = next_hop(topology, hop))
		if (hop->interface && strcmp(hop->interface, interface) == 0)
			return true;
	return !answer->route && answer->interface && strcmp(answer->interface, interface) == 0;
}

bool fib_is_behind(const struct topology *topology, enum family family, const struct address *address,
		   const char *interface)
{
	struct fib_answer answer = { .route = fib_route_towards(topology, family, address) };

	answer.interface = topology_first_interface(topology);
	return fib_leads_by(topology, &answer, interface);
}

const struct route *fib_route_towards(const struct topology *topology, enum family family, const struct address *address)
{
	struct fib_flow flow = { .family = family, .destination = address, .is_about_place = true };
	struct fib_answer found;
	const struct fib_answer *answer = find(topology, &flow, &found);

	return answer->is_found && answer->type == ROUTE_UNICAST ? answer->route : NULL;
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
