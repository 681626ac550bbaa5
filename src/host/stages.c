/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/stages.h"

#include <assert.h>

#include "host/answer.h"
#include "host/walk.h"
#include "nat/apply.h"
#include "packet/fragment.h"

static size_t family_index(enum family family)
{
	return family == FAMILY_IPV4 ? 0 : 1;
}

static bool is_needed(const struct hook_stage *stage, const struct ruleset *ruleset, enum family family,
		      bool is_tracking)
{
	switch (stage->stage) {
	case STAGE_TABLE:
	case STAGE_NAT:
		return ruleset_has_table(ruleset, family, stage->table);
	case STAGE_CONNTRACK:
	case STAGE_CONFIRM:
		return is_tracking;
	case STAGE_DEFRAG:
		return is_tracking || ruleset_needs_defragmentation(ruleset, family);
	}
	return false;
}

void stages_init(struct walk *walk, const struct ruleset *ruleset, bool tracks_always)
{
	static const enum family families[WALK_FAMILIES] = { FAMILY_IPV4, FAMILY_IPV6 };
	size_t n_stages;
	const struct hook_stage *stages = hooks_stages(&n_stages);

	for (size_t f = 0; f < WALK_FAMILIES; f++) {
		size_t n_used[HOOK_COUNT] = { 0 };

		walk->is_tracking[f] = tracks_always || ruleset_needs_tracking(ruleset, families[f]);
		for (size_t i = 0; i < n_stages; i++) {
			size_t *n = &n_used[stages[i].hook];

			if (!is_needed(&stages[i], ruleset, families[f], walk->is_tracking[f]))
				continue;
			assert(*n + 1 < WALK_MOST_STAGES);
			walk->stages[f][stages[i].hook][(*n)++] = &stages[i];
		}
	}
}

/* What was INVALID on its way out and comes back in through lo has no entry: it can still be exempt. */
static bool may_be_exempt(const struct journey *journey)
{
	if (journey->subject.hook == HOOK_PREROUTING && journey->tracking.ctstate == CTSTATE_INVALID)
		return true;
	return journey->tracking.ctstate == CTSTATE_NONE;
}

static bool run_table(struct walk *walk, struct journey *journey, enum table table)
{
	struct request *request = &journey->subject.request;
	struct eval_result result;

	request->notrack = false;	/* what OUTPUT asked for and did not get is not PREROUTING's, through lo */
	eval_table(walk->evaluation, table, &journey->subject, journey->trace, &result);
	ways_add(&journey->way, result.path);
	walk->binder.rule = result.decided_by;
	journey_note_decision(journey, table, &result);
	if (request->notrack && may_be_exempt(journey))
		journey->tracking.ctstate = CTSTATE_UNTRACKED;
	if (request->template.is_set && journey->tracking.ctstate == CTSTATE_NONE)
		journey->tracking.template = request->template;
	if (result.verdict == EVAL_ACCEPT)
		return true;
	if (result.verdict == EVAL_QUEUE)
		return journey_end(journey, VERDICT_QUEUE, "nobody listens to the queue: the kernel drops it");
	if (request->reject != REJECT_NONE) {
		answer_reject(walk, journey);
		return journey_end(journey, request->reject == REJECT_PARAMETER_PROBLEM ? VERDICT_DROP : VERDICT_REJECT, NULL);
	}
	return journey_end(journey, VERDICT_DROP, result.hotdrop);
}

/*
 * The nat chains see a connection once for each side, when its first packet comes by, and ICMP errors never. REJECT's
 * reset of such a packet can be the first to come to POSTROUTING. Linux 6.18, nf_nat_ipv4_fn(), nf_nat_inet_fn().
 */
static bool needs_binding(const struct journey *journey, enum nat_side side)
{
	const struct tracking *tracking = &journey->tracking;

	return (tracking->ctstate == CTSTATE_NEW || tracking->ctstate == CTSTATE_RELATED) &&
	       !bind_is_done(tracking->connection, side);
}

static void bind(struct walk *walk, struct journey *journey, enum nat_side side)
{
	const struct nat_range *range = &journey->subject.request.mapping;
	struct connection *connection = journey->tracking.connection;

	bind_range(&walk->binder, connection, side, range, journey->subject.now);
	if (walk->remembers_masquerade && range->flags & NAT_MASQUERADE)
		conntrack_note_masquerade(walk->conntrack, connection, journey->subject.out);
}

static bool run_nat(struct walk *walk, struct journey *journey, enum hook hook)
{
	struct tracking *tracking = &journey->tracking;
	struct request *request = &journey->subject.request;
	enum nat_side side = apply_side_of(hook);
	const char *problem;

	if (!tracking->connection)
		return true;
	if (!apply_is_error(journey->packet, tracking) && needs_binding(journey, side)) {
		request->has_mapping = false;
		journey->way.is_once = true;
		journey->subject.recall = NULL;
		if (!run_table(walk, journey, TABLE_NAT))
			return false;
		if (!request->has_mapping)
			walk->binder.rule = NULL;
		if (request->has_mapping)
			bind(walk, journey, side);
		else
			bind_null(&walk->binder, tracking->connection, side, journey->subject.now);
	}
	problem = apply_mapping(journey->packet, tracking, side);
	if (!problem)
		return true;
	return journey_drop(journey, problem);
}

bool stages_defrag(struct walk *walk, struct journey *journey, enum hook hook)
{
	struct packet *packet = journey->packet;
	const char *interface = hook == HOOK_OUTPUT ? journey->subject.out : journey->subject.in;
	struct defrag_answer answer;

	if (!fragment_may_be(packet) || journey->tracking.ctstate != CTSTATE_NONE)
		return true;
	switch (defrag_add(walk->defrag, packet, hook, interface, &answer)) {
	case DEFRAG_NONE:
		return true;
	case DEFRAG_HELD:
		return journey_end(journey, VERDICT_HELD, answer.reason);
	case DEFRAG_DROPPED:
		return journey_end(journey, VERDICT_DROP, answer.reason);
	case DEFRAG_WHOLE:
		break;
	}
	journey->fragments = answer.packets;
	journey->n_fragments = answer.n_packets;
	journey->split = answer.split;
	packet->is_checksum_trusted = false;
	walk->whole = *packet;
	return true;
}

/* Linux 6.18, nf_ct_zone_tmpl() */
static void choose_zones(const struct template *template, uint32_t mark, uint16_t zone[2])
{
	uint16_t id = template->zone_is_mark ? (uint16_t)mark : template->zone;

	for (int direction = 0; direction < 2; direction++)
		zone[direction] = template->zones[direction] ? id : 0;
}

/* Unless it was tracked when it was to follow its connection's way, which it then left. */
static enum conntrack_verdict track(struct walk *walk, struct journey *journey, enum hook hook)
{
	const struct way_outcome *ahead = walk->ahead;

	walk->binder.rule = NULL;
	if (!ahead)
		return conntrack_track(walk->conntrack, journey->packet, hook, journey->subject.now, &journey->tracking);
	walk->ahead = NULL;
	journey->tracking = ahead->tracking;
	return ahead->tracked;
}

static bool run_conntrack(struct walk *walk, struct journey *journey, enum hook hook)
{
	struct tracking *tracking = &journey->tracking;

	if (tracking->ctstate != CTSTATE_NONE)
		return true;	/* attached already: came back through lo, made by REJECT, or NOTRACK */
	if (tracking->template.is_set)
		choose_zones(&tracking->template, journey->subject.mark, tracking->zone);
	if (track(walk, journey, hook) == CONNTRACK_DROP)
		return journey_end(journey, VERDICT_DROP, tracking->drop_reason);
	journey->was_unconfirmed = tracking->connection && connection_is_unconfirmed(tracking->connection);
	ways_begin(&walk->ways, journey);
	return true;
}

/* Linux 6.18, nf_confirm(). */
static bool help_and_confirm(struct walk *walk, struct journey *journey, enum packet_origin origin)
{
	struct tracking *tracking = &journey->tracking;
	const char *problem = conntrack_help(walk->conntrack, journey->packet, origin, journey->subject.now, tracking);

	journey->split.is_rewritten = tracking->is_payload_changed;
	if (problem)
		return journey_drop(journey, problem);
	if (!conntrack_confirm(walk->conntrack, tracking, journey->subject.now))
		return journey_drop(journey, "conntrack: another entry owns this tuple");
	if (tracking->has_joined) {
		journey->was_unconfirmed = false;
		journey->way.has_begun = false;		/* it was not that entry's */
	}
	return true;
}

static bool run_confirm(struct walk *walk, struct journey *journey, enum hook hook)
{
	const struct packet *packet = journey->packet;

	if (hook == HOOK_INPUT && journey->subject.in == walk_loopback)
		return help_and_confirm(walk, journey, ORIGIN_LOOPED);
	if (hook != HOOK_POSTROUTING || !journey->subject.is_from_process)
		return help_and_confirm(walk, journey, ORIGIN_NETWORK);
	/* Linux 6.18, ip_mc_output(): the copy of a broadcast for the host itself goes first, and belongs to no process. */
	if (topology_is_broadcast(walk->topology, packet->family, &packet->destination) &&
	    !help_and_confirm(walk, journey, ORIGIN_NETWORK))
		return false;
	return help_and_confirm(walk, journey, ORIGIN_PROCESS);
}

/* What of a packet the choice of its way depends on. */
struct way_key {
	struct address source, destination;
	uint32_t mark, flow_label;
	uint8_t tos, ttl;
};

static struct way_key way_key_of(const struct journey *journey)
{
	const struct packet *packet = journey->packet;

	return (struct way_key){
		.source = packet->source, .destination = packet->destination, .mark = journey->subject.mark,
		.flow_label = packet->flow_label, .tos = packet->tos, .ttl = packet->ttl,
	};
}

/* Linux 6.18, ipt_mangle_out(), ip6t_mangle_out(): mangle OUTPUT looks for a new way when it has changed any of these. */
static bool run_mangle_output(struct walk *walk, struct journey *journey)
{
	struct way_key before = way_key_of(journey), after;
	bool is_ipv4 = journey->packet->family == FAMILY_IPV4, has_changed;

	if (!run_table(walk, journey, TABLE_MANGLE))
		return false;
	after = way_key_of(journey);
	has_changed = !address_is_equal(&before.source, &after.source) ||
		      !address_is_equal(&before.destination, &after.destination) || before.mark != after.mark ||
		      (is_ipv4 ? before.tos != after.tos
			       : before.ttl != after.ttl || before.flow_label != after.flow_label);
	return !has_changed || journey_route_output(journey, walk);
}

/* Linux 6.18, nf_nat_ipv4_local_fn(), nf_nat_ipv6_local_fn(): the way out follows the translated destination. */
static bool run_nat_output(struct walk *walk, struct journey *journey)
{
	struct address before = journey->packet->destination;

	if (!run_nat(walk, journey, HOOK_OUTPUT))
		return false;
	return address_is_equal(&before, &journey->packet->destination) || journey_route_output(journey, walk);
}

static bool run_stage(struct walk *walk, struct journey *journey, const struct hook_stage *stage)
{
	bool is_output = stage->hook == HOOK_OUTPUT;

	switch (stage->stage) {
	case STAGE_TABLE:
		if (is_output && stage->table == TABLE_MANGLE)
			return run_mangle_output(walk, journey);
		return run_table(walk, journey, stage->table);
	case STAGE_NAT:
		return is_output ? run_nat_output(walk, journey) : run_nat(walk, journey, stage->hook);
	case STAGE_CONNTRACK:
		return run_conntrack(walk, journey, stage->hook);
	case STAGE_CONFIRM:
		return run_confirm(walk, journey, stage->hook);
	case STAGE_DEFRAG:
		return stages_defrag(walk, journey, stage->hook);
	}
	return true;
}

bool stages_run(struct walk *walk, struct journey *journey, enum hook hook)
{
	const struct hook_stage *const *stage = walk->stages[family_index(journey->packet->family)][hook];

	journey->subject.hook = hook;
	assert(journey->n_hooks < sizeof(journey->hooks) / sizeof(journey->hooks[0]));
	journey->hooks[journey->n_hooks++] = hook;
	if (stream_wants(walk->stream, EVENT_HOOK)) {
		struct event event = {
			.kind = EVENT_HOOK,
			.hook = { hook, journey->depth, journey->subject.in, journey->subject.out },
		};

		stream_emit(walk->stream, &event);
	}
	for (; *stage; stage++)
		if (!run_stage(walk, journey, *stage))
			return false;
	return true;
}
