/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/ways.h"

#include <string.h>

#include "base/alloc.h"
#include "host/journey.h"
#include "host/walk.h"
#include "packet/rewrite.h"
#include "rules/recall.h"

/* PREROUTING, FORWARD, POSTROUTING; what goes through lo makes a longer way, which is not kept. */
enum { WAYS_MOST_HOOKS = 4 };

/* A capture that takes more ways than that is walked; so memory has a bound. */
enum { MOST_RECORDS = 65536 };

/* Terms of a packet that follows nobody. */
enum { TERMS_NONE = 1u << 31 };

struct way {
	_Alignas(8) const char *in;	/* as struct journey has them */
	const char *out;
	const struct rule_place *decided_by;
	uint32_t trail;
	bool is_whole;			/* else the trail is all that is known */
	bool has_status;		/* a rule looked at the status bits, which must be these: */
	uint8_t least_ttl;
	uint8_t ctstate, verdict;
	uint8_t n_paths, n_hooks;
	uint32_t status, mark;		/* of the entry */
	uint32_t terms;
	uint32_t longest;		/* a longer packet may be too long for the way */
	uint32_t paths[WAYS_MOST_TABLES];
	uint8_t hooks[WAYS_MOST_HOOKS];
};

static_assert(sizeof(struct way) % 8 == 0, "as interned wants them");

void ways_init(struct ways *ways)
{
	*ways = (struct ways){ .n_forgotten = 0 };
	interned_init(&ways->records, sizeof(struct way));
}

void ways_clear(struct ways *ways)
{
	interned_clear(&ways->records);
}

void ways_forget(struct ways *ways)
{
	ways->n_forgotten = ways->records.n_records;
}

bool ways_are_open(const struct ways *ways, const struct stream *stream)
{
	const uint32_t told_on_the_way = EVENT_BIT(EVENT_HOOK) | EVENT_BIT(EVENT_LOOKUP) | EVENT_BIT(EVENT_MISS) |
					 EVENT_BIT(EVENT_STEP) | EVENT_BIT(EVENT_ROUTE) | EVENT_BIT(EVENT_PROBE);

	return !ways->is_off && !(stream->kinds & told_on_the_way);
}

/* Options, fragments and what is wrong with a packet make a way of its own. Who sent it decides where it enters. */
uint32_t ways_terms_of(const struct packet *packet)
{
	if (packet->status != DECODE_COMPLETE || packet->is_fragment || packet->has_ip_options)
		return TERMS_NONE;
	return packet->tos | (uint32_t)packet->link.direction << 8 | (uint32_t)packet->link.destination_class << 12;
}

static const struct way *find(const struct ways *ways, const struct connection *connection, enum direction direction)
{
	uint32_t number = connection->way[direction];

	return number > ways->n_forgotten ? interned_at(&ways->records, number) : NULL;
}

static bool has_helper(const struct connection *connection)
{
	const struct connection_extra *extra = connection_extra(connection);

	return extra && extra->help;
}

/* What can be said before the packet is tracked. */
static bool is_for(const struct way *way, const struct packet *packet, const struct connection *connection)
{
	return way->is_whole && way->terms == ways_terms_of(packet) && packet->ttl >= way->least_ttl &&
	       packet->total_len <= way->longest && way->mark == connection->mark &&
	       !has_helper(connection);
}

/* ...and afterwards: the entry may be another by then, which this packet has made. */
static bool is_still_for(const struct way *way, const struct tracking *tracking)
{
	const struct connection *connection = tracking->connection;

	return connection && tracking->ctstate == (enum ctstate)way->ctstate &&
	       (connection->status & (STATUS_CONFIRMED | STATUS_DYING | STATUS_SEQ_ADJUST)) == STATUS_CONFIRMED &&
	       (!way->has_status || way->status == connection->status);
}

bool ways_follow(struct walk *walk, const struct packet *packet, bool is_told, struct way_outcome *outcome)
{
	struct connection *connection;
	enum direction direction;
	const struct way *way;

	outcome->is_tracked = false;
	connection = conntrack_find_untracked(walk->conntrack, packet, &direction);
	way = connection ? find(&walk->ways, connection, direction) : NULL;
	if (!way || !is_for(way, packet, connection) || (is_told && connection->status & (STATUS_SRC_NAT | STATUS_DST_NAT)))
		return false;
	alloc_clear(&outcome->tracking, sizeof(outcome->tracking));
	outcome->tracked = conntrack_track_found(walk->conntrack, packet, (enum hook)way->hooks[0], packet->time, connection,
						 direction, &outcome->tracking);
	outcome->is_tracked = true;
	if (!is_still_for(way, &outcome->tracking))
		return false;
	for (size_t i = 0; i < way->n_paths; i++)
		eval_follow(walk->evaluation, (enum family)packet->family, way->paths[i], packet->total_len, walk->stream);
	outcome->way = way;
	outcome->verdict = (enum verdict)way->verdict;
	if (outcome->verdict == VERDICT_ACCEPT)
		conntrack_confirm(walk->conntrack, &outcome->tracking, packet->time);
	return true;
}

void ways_trace(const struct walk *walk, const struct packet *packet, const struct way_outcome *outcome, struct eval_trace *trace)
{
	for (size_t i = 0; i < outcome->way->n_paths; i++)
		eval_trace_path(walk->evaluation, (enum family)packet->family, outcome->way->paths[i], trace);
}

const struct rule_place *ways_decided_by(const struct way_outcome *outcome)
{
	return outcome->way->decided_by;
}

void ways_describe(const struct way *way, struct event_packet *told)
{
	told->in = way->in;
	told->out = way->out;
	told->verdict = (enum verdict)way->verdict;
	told->decided_by = way->decided_by;
	told->sighting = way->hooks[0] == HOOK_OUTPUT ? SIGHTED_SENT : SIGHTED_ARRIVING;
	told->n_hooks = way->n_hooks;
	memcpy(told->hooks, way->hooks, sizeof(way->hooks));
}

void ways_apply(const struct way *way, struct packet *packet)
{
	if (way->n_hooks > 1 && way->hooks[1] == HOOK_FORWARD)
		rewrite_ttl(packet, (uint8_t)(packet->ttl - 1));
}

void ways_begin(const struct ways *ways, struct journey *journey)
{
	const struct tracking *tracking = &journey->tracking;
	const struct way *way;

	if (!recall_is_for(journey->packet, tracking))
		return;
	way = find(ways, tracking->connection, tracking->direction);
	journey->way.has_begun = true;
	journey->way.trail = way ? way->trail : 0;
	journey->subject.recall = &journey->way.trail;
}

static bool looked_at_status(const struct evaluation *evaluation, const struct way_notes *notes)
{
	for (size_t i = 0; i < notes->n_paths; i++)
		if (eval_path_has_status(evaluation, notes->paths[i]))
			return true;
	return false;
}

/* Where nothing but rules and routing decided, and nothing happened that does not happen to the next packet. */
static bool is_repeatable(const struct evaluation *evaluation, const struct journey *journey)
{
	const struct connection *connection = journey->tracking.connection;
	bool is_decided_by_rules = journey->verdict == VERDICT_ACCEPT || (journey->verdict == VERDICT_DROP && !journey->reason);

	/* Rules have seen the entry as it was before it was confirmed. Whether it was translated, too: but then nat was on the way. */
	if (journey->was_unconfirmed && looked_at_status(evaluation, &journey->way))
		return false;
	return is_decided_by_rules && !journey->way.is_once && journey->way.terms != TERMS_NONE &&
	       journey->in != walk_loopback && journey->n_hooks <= WAYS_MOST_HOOKS &&
	       !(connection->status & STATUS_SEQ_ADJUST) && !has_helper(connection);
}

static void describe(const struct evaluation *evaluation, const struct journey *journey, struct way *way)
{
	const struct way_notes *notes = &journey->way;

	way->is_whole = true;
	way->ctstate = (uint8_t)journey->tracking.ctstate;
	way->verdict = (uint8_t)journey->verdict;
	way->in = journey->in;
	way->out = journey->out;
	way->decided_by = journey->decided_by;
	way->n_hooks = (uint8_t)journey->n_hooks;
	way->mark = journey->tracking.connection->mark;
	way->terms = notes->terms;
	way->longest = UINT32_MAX;
	for (size_t i = 0; i < journey->n_hooks; i++) {
		way->hooks[i] = (uint8_t)journey->hooks[i];
		if (journey->hooks[i] != HOOK_FORWARD)
			continue;
		way->least_ttl = 2;
		if (fib_forwarding_mtu(journey->routing.route))
			way->longest = fib_forwarding_mtu(journey->routing.route);
	}
	way->n_paths = notes->n_paths;
	memcpy(way->paths, notes->paths, notes->n_paths * sizeof(*notes->paths));
	way->has_status = looked_at_status(evaluation, notes);
	way->status = way->has_status ? journey->tracking.connection->status : 0;
}

void ways_note(struct ways *ways, const struct evaluation *evaluation, const struct journey *journey)
{
	const struct tracking *tracking = &journey->tracking;
	struct connection *connection = tracking->connection;
	const struct way *known;
	struct way way;

	if (!journey->way.has_begun || !connection || (connection->status & (STATUS_CONFIRMED | STATUS_DYING)) != STATUS_CONFIRMED ||
	    ways->records.n_records >= MOST_RECORDS)
		return;
	alloc_clear(&way, sizeof(way));
	way.trail = journey->way.trail;
	known = find(ways, connection, tracking->direction);
	if (is_repeatable(evaluation, journey))
		describe(evaluation, journey, &way);
	else if (journey->was_unconfirmed || (known && known->trail == way.trail))
		return;
	connection->way[tracking->direction] = interned_add(&ways->records, &way);
}
