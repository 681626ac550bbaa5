/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"

static_assert((int)CTREPLAY_NO_VERDICT == VERDICT_NONE && (int)CTREPLAY_ACCEPT == VERDICT_ACCEPT && (int)CTREPLAY_DROP == VERDICT_DROP &&
	      (int)CTREPLAY_REJECT == VERDICT_REJECT && (int)CTREPLAY_QUEUE == VERDICT_QUEUE && (int)CTREPLAY_HELD == VERDICT_HELD &&
	      VERDICT_COUNT == 6, "the API's numbers never change");
static_assert((int)CTREPLAY_NO_CTSTATE == CTSTATE_NONE && (int)CTREPLAY_INVALID == CTSTATE_INVALID && (int)CTREPLAY_NEW == CTSTATE_NEW &&
	      (int)CTREPLAY_ESTABLISHED == CTSTATE_ESTABLISHED && (int)CTREPLAY_RELATED == CTSTATE_RELATED &&
	      (int)CTREPLAY_UNTRACKED == CTSTATE_UNTRACKED && CTSTATE_COUNT == 6, "the API's numbers never change");
static_assert((int)CTREPLAY_NO_ENTRY == ENTRY_NONE && (int)CTREPLAY_MADE == ENTRY_NEW && (int)CTREPLAY_CHANGED == ENTRY_CHANGED &&
	      (int)CTREPLAY_REFRESHED == ENTRY_REFRESHED && (int)CTREPLAY_UNTOUCHED == ENTRY_UNCHANGED &&
	      (int)CTREPLAY_ENDED == ENTRY_DESTROYED, "the API's numbers never change");
static_assert((int)CTREPLAY_STATUS_EXPECTED == STATUS_EXPECTED && (int)CTREPLAY_STATUS_SEEN_REPLY == STATUS_SEEN_REPLY &&
	      (int)CTREPLAY_STATUS_ASSURED == STATUS_ASSURED && (int)CTREPLAY_STATUS_CONFIRMED == STATUS_CONFIRMED &&
	      (int)CTREPLAY_STATUS_SRC_NAT == STATUS_SRC_NAT && (int)CTREPLAY_STATUS_DST_NAT == STATUS_DST_NAT &&
	      (int)CTREPLAY_STATUS_SEQ_ADJUST == STATUS_SEQ_ADJUST && (int)CTREPLAY_STATUS_SRC_NAT_DONE == STATUS_SRC_NAT_DONE &&
	      (int)CTREPLAY_STATUS_DST_NAT_DONE == STATUS_DST_NAT_DONE && (int)CTREPLAY_STATUS_DYING == STATUS_DYING &&
	      (int)CTREPLAY_STATUS_FIXED_TIMEOUT == STATUS_FIXED_TIMEOUT && (int)CTREPLAY_STATUS_HELPER == STATUS_HELPER,
	      "the kernel's numbers");
static_assert((int)CTREPLAY_ORIGINAL == DIRECTION_ORIGINAL && (int)CTREPLAY_REPLY == DIRECTION_REPLY, "the API's numbers never change");

void api_view_clear(struct api_view *view)
{
	free(view->matched);
	free(view->events);
	free(view->entries);
	free(view->counters);
	memset(view, 0, sizeof(*view));
}

/* Room for one more item; the array's new address. */
static void *grow(void *items, size_t n_items, size_t *capacity, size_t item_size)
{
	if (n_items < *capacity)
		return items;
	*capacity = alloc_grown_capacity(*capacity, n_items + 1);
	return alloc_resize(items, *capacity, item_size);
}

struct ctreplay_address api_view_address(uint8_t family, const struct address *address)
{
	struct ctreplay_address view = { .family = family };

	address_to_bytes((enum family)family, address, view.bytes);
	return view;
}

static struct ctreplay_tuple view_tuple(const struct tuple *tuple)
{
	struct ctreplay_tuple view = {
		.source = api_view_address(tuple->family, &tuple->source),
		.destination = api_view_address(tuple->family, &tuple->destination),
		.protocol = tuple->protocol,
		.zone = tuple->zone,
	};

	if (tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6) {
		view.icmp_id = tuple->source_port;
		view.icmp_type = (uint8_t)(tuple->destination_port >> 8);
		view.icmp_code = (uint8_t)tuple->destination_port;
	} else {
		view.source_port = tuple->source_port;
		view.destination_port = tuple->destination_port;
	}
	return view;
}

struct ctreplay_rule api_view_rule(const struct rule_place *place)
{
	return (struct ctreplay_rule){
		.family = place->family, .table = place->table, .chain = place->chain, .number = place->number,
		.file = place->file, .line = place->line, .text = place->text, .target = place->target,
	};
}

static void view_entry(const struct entry_view *entry, struct vtime now, struct ctreplay_entry *view)
{
	*view = (struct ctreplay_entry){
		.id = entry->id,
		.original = view_tuple(&entry->tuple[DIRECTION_ORIGINAL]),
		.reply = view_tuple(&entry->tuple[DIRECTION_REPLY]),
		.state = entry->state,
		.status = entry->status,
		.mark = entry->mark,
		.ends_ns = entry->deadline.ns,
		.seconds_left = vtime_seconds_left(entry->deadline, now, entry->hz),
		.helper = entry->helper,
		.master = entry->master_id,
		.has_counters = entry->has_counters,
	};
	memcpy(view->n_packets, entry->n_packets, sizeof(view->n_packets));
	memcpy(view->n_bytes, entry->n_bytes, sizeof(view->n_bytes));
}

static void hear_packet(struct api_view *view, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct ctreplay_packet *packet = &view->packet;

	view->has_packet = true;
	view->captured = journey->packet;
	*packet = (struct ctreplay_packet){
		.number = event->packet,
		.time_ns = event->time.ns,
		.unix_ns = view->origin_ns + event->time.ns,
		.verdict = (enum ctreplay_verdict)journey->verdict,
		.ctstate = (enum ctreplay_ctstate)journey->ctstate,
		.direction = (enum ctreplay_direction)journey->direction,
		.change = (enum ctreplay_change)journey->change,
		.in = journey->in, .out = journey->out,
		.reason = journey->reason,
		.invalid_reason = complaint_words(&journey->invalid, view->invalid_reason),
		.state_before = journey->state_before,
		.mark = journey->mark,
		.was_translated = journey->was_rewritten,
	};
	if (journey->was_rewritten)
		packet->sent = view_tuple(&journey->sent);
	if (journey->decided_by) {
		view->decided_by = api_view_rule(journey->decided_by);
		packet->decided_by = &view->decided_by;
	}
	if (journey->unsimulated) {
		view->unsimulated = api_view_rule(journey->unsimulated);
		packet->unsimulated = &view->unsimulated;
	}
	if (journey->has_entry) {
		view_entry(&journey->entry, event->time, &view->entry);
		packet->entry = &view->entry;
	}
	for (size_t i = 0; i < journey->n_matched; i++) {
		view->matched = grow(view->matched, i, &view->matched_capacity, sizeof(*view->matched));
		view->matched[i] = api_view_rule(journey->matched[i]);
	}
	packet->matched = view->matched;
	packet->n_matched = journey->n_matched;
}

static enum ctreplay_event_kind event_kind(uint32_t bits)
{
	if (bits & CONNTRACK_EVENT_DESTROY)
		return CTREPLAY_EVENT_DESTROY;
	return bits & (CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_RELATED) ? CTREPLAY_EVENT_NEW : CTREPLAY_EVENT_UPDATE;
}

static void hear_conntrack(struct api_view *view, const struct event *event)
{
	struct ctreplay_event *told;

	view->events = grow(view->events, view->n_events, &view->events_capacity, sizeof(*view->events));
	told = &view->events[view->n_events++];
	*told = (struct ctreplay_event){
		.kind = event_kind(event->conntrack.bits),
		.time_ns = event->time.ns,
		.packet = event->packet,
		.bits = event->conntrack.bits,
		.has_expired = event->conntrack.expired,
	};
	view_entry(&event->conntrack.entry, event->time, &told->entry);
}

static void hear_summary(struct api_view *view, const struct event_summary *summary)
{
	view->has_summary = true;
	view->summary = (struct ctreplay_summary){
		.origin_unix_ns = view->origin_ns, .duration_ns = summary->duration.ns, .n_packets = summary->n_packets,
		.n_created = summary->n_created, .n_expired = summary->n_expired, .n_destroyed = summary->n_destroyed,
		.n_live = summary->n_live, .n_unsimulated = summary->n_unsimulated, .n_backwards = summary->n_backwards,
	};
	memcpy(view->summary.n_verdicts, summary->n_verdicts, sizeof(view->summary.n_verdicts));
	memcpy(view->summary.n_ctstates, summary->n_ctstates, sizeof(view->summary.n_ctstates));
}

void api_view_hear(void *owner, const struct event *event)
{
	struct api_view *view = owner;

	if (event->kind == EVENT_RUN)
		view->origin_ns = event->run.origin_seconds * VTIME_NS_PER_SECOND + event->run.origin_ns;
	else if (event->kind == EVENT_PACKET)
		hear_packet(view, event);
	else if (event->kind == EVENT_CONNTRACK)
		hear_conntrack(view, event);
	else if (event->kind == EVENT_SUMMARY)
		hear_summary(view, &event->summary);
}

void api_view_hear_entry(void *owner, const struct event *event)
{
	struct api_view *view = owner;

	view->entries = grow(view->entries, view->n_entries, &view->entries_capacity, sizeof(*view->entries));
	view_entry(&event->entry.entry, event->time, &view->entries[view->n_entries++]);
}

static void hear_chain(const struct event_chain *chain, struct ctreplay_counter *counter)
{
	*counter = (struct ctreplay_counter){
		.rule = {
			.family = chain->family, .table = chain->table, .chain = chain->chain, .file = "",
			.text = strcmp(chain->policy, "DROP") == 0 ? "policy DROP" : "policy ACCEPT", .target = chain->policy,
		},
		.n_packets = chain->n_packets, .n_bytes = chain->n_bytes, .is_simulated = true,
	};
}

void api_view_hear_counter(void *owner, const struct event *event)
{
	struct api_view *view = owner;
	struct ctreplay_counter *counter;

	if (event->kind == EVENT_CHAIN && !event->chain.policy)
		return;		/* a chain of the user's counts nothing itself */
	view->counters = grow(view->counters, view->n_counters, &view->counters_capacity, sizeof(*view->counters));
	counter = &view->counters[view->n_counters++];
	if (event->kind == EVENT_CHAIN)
		hear_chain(&event->chain, counter);
	else
		*counter = (struct ctreplay_counter){
			.rule = api_view_rule(event->counter.rule), .n_packets = event->counter.n_packets,
			.n_bytes = event->counter.n_bytes, .is_simulated = event->counter.is_simulated,
		};
}
