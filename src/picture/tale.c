/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/tale.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/summary.h"

void tale_init(struct tale *tale, uint64_t flow)
{
	memset(tale, 0, sizeof(*tale));
	arena_init(&tale->arena);
	story_init(&tale->story);
	rates_init(&tale->rates);
	tale->flow = flow;
	tale->capture = tale->host = "";
	tale->moments = alloc_one_more(NULL, 0, &tale->moments_capacity, sizeof(*tale->moments));
	tale->n_moments = 1;
}

void tale_clear(struct tale *tale)
{
	arena_clear(&tale->arena);
	story_clear(&tale->story);
	free(tale->packets);
	free(tale->entries);
	free(tale->moments);
	free(tale->levels);
	memset(tale, 0, sizeof(*tale));
}

void tale_tell_story(struct tale *tale)
{
	tale->tells_story = true;
}

static struct tale_entry *find_entry(struct tale *tale, uint64_t id)
{
	size_t low = 0, high = tale->n_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tale->entries[middle].view.id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < tale->n_entries && tale->entries[low].view.id == id ? &tale->entries[low] : NULL;
}

const struct tale_entry *tale_find_entry(const struct tale *tale, uint64_t id)
{
	return find_entry((struct tale *)(uintptr_t)tale, id);
}

static bool tuple_is_of(const struct tuple tuples[2], const struct tuple *tuple)
{
	for (int i = 0; i < 2; i++) {
		const struct tuple *a = &tuples[i];

		if (a->protocol != tuple->protocol || a->family != tuple->family)
			continue;
		if (!address_is_equal(&a->source, &tuple->source) || !address_is_equal(&a->destination, &tuple->destination))
			continue;
		if (tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6 ||
		    (a->source_port == tuple->source_port && a->destination_port == tuple->destination_port))
			return true;
	}
	return false;
}

bool tale_is_of(const struct tale_entry *entry, const struct tale_packet *packet)
{
	return packet->entry == entry->view.id || tuple_is_of(entry->view.tuple, &packet->captured);
}

/* NULL: there is no room. */
static struct tale_moment *append_moment(struct tale *tale, struct tale_entry *entry)
{
	if (tale->n_moments >= TALE_MOST_MOMENTS) {
		tale->n_moments_left_out++;
		return NULL;
	}
	if (entry->last)
		tale->moments[entry->last].next = tale->n_moments;
	else
		entry->first = tale->n_moments;
	entry->last = tale->n_moments;
	tale->moments = alloc_one_more(tale->moments, tale->n_moments, &tale->moments_capacity, sizeof(*tale->moments));
	return &tale->moments[tale->n_moments++];
}

/* The entry is what `view` says from now on; of one packet the last word counts. */
static void add_moment(struct tale *tale, const struct event *event, const struct entry_view *view)
{
	struct tale_entry *entry = find_entry(tale, view->id);
	struct tale_moment *moment;

	if (!entry)
		return;
	entry->view = *view;
	moment = &tale->moments[entry->last];
	if (!entry->last || !event->packet || moment->packet != event->packet)
		moment = append_moment(tale, entry);
	if (moment)
		*moment = (struct tale_moment){ .time = event->time, .deadline = view->deadline, .state = view->state,
					.status = view->status, .packet = event->packet };
}

static void add_entry(struct tale *tale, const struct event *event)
{
	const struct entry_view *view = &event->conntrack.entry;
	size_t place;

	if (tale->flow == view->id) {
		tale->flow_tuples[0] = view->tuple[0];
		tale->flow_tuples[1] = view->tuple[1];
		tale->is_flow_known = true;
	} else if (tale->flow && !(tale->is_flow_known && tuple_is_of(tale->flow_tuples, &view->tuple[0]))) {
		return;
	}
	if (tale->n_entries >= TALE_MOST_ENTRIES) {
		tale->n_entries_left_out++;
		return;
	}
	tale->entries = alloc_one_more(tale->entries, tale->n_entries, &tale->entries_capacity, sizeof(*tale->entries));
	/* Ids count creations, entries come in order of confirmation: nearly always the same. */
	place = tale->n_entries++;
	for (; place > 0 && tale->entries[place - 1].view.id > view->id; place--)
		tale->entries[place] = tale->entries[place - 1];
	tale->entries[place] = (struct tale_entry){ .view = *view, .start = event->time };
}

static void add_conntrack(struct tale *tale, const struct event *event)
{
	const struct event_conntrack *told = &event->conntrack;
	struct tale_entry *entry;

	if (told->bits & (CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_RELATED)) {
		rates_change_entries(&tale->rates, event->time, 1);
		add_entry(tale, event);
	}
	if (!(told->bits & CONNTRACK_EVENT_DESTROY)) {
		add_moment(tale, event, &told->entry);
		return;
	}
	rates_change_entries(&tale->rates, event->time, -1);
	entry = find_entry(tale, told->entry.id);
	if (entry) {
		entry->end = event->time;
		entry->is_over = true;
		entry->has_expired = told->expired;
	}
}

/* Addresses and ports of a packet, as tuples have them. */
static struct tuple ends_of(const struct packet *packet)
{
	return (struct tuple){
		.source = packet->source, .destination = packet->destination, .source_port = packet->source_port,
		.destination_port = packet->destination_port, .protocol = packet->protocol, .family = packet->family,
	};
}

static const char *words_of(struct tale *tale, const struct packet *packet)
{
	const char *words;
	struct text text;

	text_init(&text);
	summary_print_parts(packet, 0, &text);
	words = arena_copy_string(&tale->arena, text_string(&text));
	text_clear(&text);
	return words;
}

static bool is_wanted(const struct tale *tale, const struct tuple *tuple, uint64_t entry)
{
	if (!tale->flow || entry == tale->flow)
		return true;
	return tale->is_flow_known && tuple_is_of(tale->flow_tuples, tuple);
}

static struct tale_packet *add_packet(struct tale *tale, const struct event *event, const struct packet *packet)
{
	struct tale_packet *kept;

	if (tale->n_packets >= TALE_MOST_PACKETS) {
		tale->n_packets_left_out++;
		return NULL;
	}
	tale->packets = alloc_one_more(tale->packets, tale->n_packets, &tale->packets_capacity, sizeof(*tale->packets));
	kept = &tale->packets[tale->n_packets++];
	kept->number = event->packet ? event->packet : packet->number;
	kept->time = event->time;
	kept->words = words_of(tale, packet);
	kept->captured = kept->left = ends_of(packet);
	return kept;
}

static void set_path(struct tale_packet *kept, const struct event_packet *journey)
{
	for (size_t i = 0; i < journey->n_hooks; i++) {
		kept->from_host |= journey->hooks[i] == HOOK_OUTPUT;
		kept->to_host |= journey->hooks[i] == HOOK_INPUT;
	}
	kept->got_through = journey->verdict == VERDICT_ACCEPT;
	kept->was_rewritten = journey->was_rewritten;
	if (journey->was_rewritten)
		kept->left = journey->sent;
}

static void set_entry(struct tale_packet *kept, const struct event_packet *journey)
{
	if (!journey->has_entry)
		return;
	kept->entry = journey->entry.id;
	kept->hz = journey->entry.hz;
	kept->state = journey->entry.state;
	kept->state_before = journey->state_before;
	kept->status = journey->entry.status;
	kept->timeout_seconds = journey->entry.timeout_seconds;
	kept->deadline = journey->entry.deadline;
}

static const char *keep_complaint(struct tale *tale, const struct complaint *complaint)
{
	char room[COMPLAINT_ROOM];
	const char *words = complaint_words(complaint, room);

	return words == room ? arena_copy_string(&tale->arena, words) : words;
}

/* What the state table said of the packet; an entry that was reopened is told twice, and the last one counts. */
static void set_lookup(struct tale *tale, struct tale_packet *kept)
{
	const struct event_lookup *lookup = &tale->lookup;

	if (!tale->is_lookup_known)
		return;
	if (lookup->cell[0])
		kept->cell = arena_copy_string(&tale->arena, lookup->cell);
	kept->sentence = lookup->sentence ? lookup->sentence : keep_complaint(tale, &lookup->reason);
	if (!kept->state_before && lookup->cell[0])
		kept->state_before = lookup->before.state;
}

static void add_journey(struct tale *tale, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	uint64_t entry = journey->has_entry ? journey->entry.id : 0;
	struct tuple ends = ends_of(journey->packet);
	struct tale_packet *kept;

	rates_count_packet(&tale->rates, event->time, journey->verdict);
	if (journey->has_entry && journey->change != ENTRY_DESTROYED)
		add_moment(tale, event, &journey->entry);
	if (journey->packet->family == FAMILY_NONE || !is_wanted(tale, &ends, entry))
		return;
	kept = add_packet(tale, event, journey->packet);
	if (!kept)
		return;
	kept->ctstate = journey->ctstate;
	kept->direction = journey->direction;
	kept->verdict = journey->verdict;
	kept->decided_by = journey->decided_by;
	kept->reason = journey->reason ? journey->reason : keep_complaint(tale, &journey->invalid);
	kept->change = journey->change;
	set_path(kept, journey);
	set_entry(kept, journey);
	set_lookup(tale, kept);
	if (tale->tells_story && !tale->story_packet)
		tale->story_packet = tale->n_packets;
}

static void add_answer(struct tale *tale, const struct event *event)
{
	const struct event_reply *reply = &event->reply;
	struct tuple ends = ends_of(reply->packet);
	struct tale_packet *kept;

	/* Its answer is told before the packet is: whose it is shows in what it is about, or else in its ends. */
	if (tale->flow && !(tale->is_flow_known && tuple_is_of(tale->flow_tuples, &ends)))
		return;
	kept = add_packet(tale, event, reply->packet);
	if (!kept)
		return;
	kept->is_answer = kept->from_host = true;
	kept->verdict = reply->verdict;
	kept->got_through = reply->verdict == VERDICT_ACCEPT || reply->verdict == VERDICT_NONE;
	kept->decided_by = reply->decided_by;
	kept->reason = reply->reason;
}

static void add_level(struct tale *tale, const struct event *event)
{
	struct tale_level *level;

	if (tale->n_levels >= TALE_MOST_LEVELS) {
		tale->n_levels_left_out++;
		return;
	}
	tale->levels = alloc_one_more(tale->levels, tale->n_levels, &tale->levels_capacity, sizeof(*tale->levels));
	level = &tale->levels[tale->n_levels++];
	level->time = event->time;
	level->packet = event->packet;
	level->rule = event->bucket.rule;
	level->bucket = event->bucket;
	level->bucket.key = arena_copy_string(&tale->arena, event->bucket.key);
}

static void add_run(struct tale *tale, const struct event_run *run)
{
	const char *name = run->capture ? run->capture : "";
	const char *slash = strrchr(name, '/'), *advice;

	tale->capture = arena_copy_string(&tale->arena, slash ? slash + 1 : name);
	name = run->host ? run->host : "";
	/* "192.168.1.2 on eth0 (found from the capture...)": a picture outlives the command line. */
	advice = strstr(name, " (");
	tale->host = arena_copy(&tale->arena, name, advice ? (size_t)(advice - name) : strlen(name));
}

/* The story is that of the packet on its way, until the one that is wanted has been told. */
static void add_to_story(struct tale *tale, const struct event *event)
{
	if (!tale->tells_story || tale->story_packet)
		return;
	if (event->kind == EVENT_PACKET)
		story_reset(&tale->story);
	else
		story_add(&tale->story, event);
}

void tale_add(struct tale *tale, const struct event *event)
{
	tale->end = event->time;
	switch (event->kind) {
	case EVENT_RUN:
		add_run(tale, &event->run);
		break;
	case EVENT_CONNTRACK:
		add_conntrack(tale, event);
		break;
	case EVENT_LOOKUP:
		tale->lookup = *event->lookup;
		tale->is_lookup_known = true;
		break;
	case EVENT_REPLY:
		add_answer(tale, event);
		break;
	case EVENT_BUCKET:
		add_level(tale, event);
		break;
	case EVENT_PACKET:
		add_journey(tale, event);
		tale->is_lookup_known = false;
		break;
	case EVENT_SUMMARY:
		tale->summary = event->summary;
		break;
	default:
		break;
	}
	add_to_story(tale, event);
}
