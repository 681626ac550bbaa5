/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_keep_account(): what happens to a packet in words (sink/account), and listings, in the API's terms. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"
#include "packet/summary.h"
#include "sink/account.h"

static_assert((int)CTREPLAY_FACT_PATH == FACT_PATH && (int)CTREPLAY_FACT_INTERFACES == FACT_INTERFACES &&
	      (int)CTREPLAY_FACT_CTSTATE == FACT_CTSTATE && (int)CTREPLAY_FACT_COMPLAINT == FACT_COMPLAINT &&
	      (int)CTREPLAY_FACT_VERDICT == FACT_VERDICT && (int)CTREPLAY_FACT_DECISION == FACT_DECISION &&
	      (int)CTREPLAY_FACT_RULES == FACT_RULES && (int)CTREPLAY_FACT_ENTRY == FACT_ENTRY && (int)CTREPLAY_FACT_STATUS == FACT_STATUS &&
	      (int)CTREPLAY_FACT_HELPER == FACT_HELPER && (int)CTREPLAY_FACT_EVENTS == FACT_EVENTS &&
	      (int)CTREPLAY_FACT_EXPECTATIONS == FACT_EXPECTATIONS && (int)CTREPLAY_FACT_REPLIES == FACT_REPLIES &&
	      (int)CTREPLAY_FACT_MARK == FACT_MARK && (int)CTREPLAY_FACT_SENT == FACT_SENT && FACT_COUNT == 15, "the API's numbers never change");

/* A listing while it is made. */
struct listed {
	const char *label;
	struct vtime time;
	struct account_lines rows, sets;
};

struct api_account {
	struct account account;
	struct account_ids changed_before;
	bool has_spoken_before, was_drawn;
	uint64_t n_drawn;		/* before the packet's journey */
	struct text summary;
	struct ctreplay_met_rule *met;	/* owned */
	size_t n_met, met_capacity;
	struct listed *listed;		/* owned */
	size_t n_listed, listed_capacity;
	struct arena arena;		/* of strings since the packet before, and of the views: */
	const char *facts[FACT_COUNT];
	struct ctreplay_account view;
	struct ctreplay_listing *listings;
};

static void forget_listings(struct api_account *account)
{
	for (size_t i = 0; i < account->n_listed; i++) {
		account_lines_clear(&account->listed[i].rows);
		account_lines_clear(&account->listed[i].sets);
	}
	account->n_listed = 0;
}

void api_account_reset(struct api_account *account)
{
	if (!account)
		return;
	account_reset(&account->account);
	account->changed_before.n = 0;
	account->has_spoken_before = account->was_drawn = false;
	text_reset(&account->summary);
	account->n_met = 0;
	forget_listings(account);
	arena_clear(&account->arena);
}

void api_account_destroy(struct api_account *account)
{
	if (!account)
		return;
	forget_listings(account);
	account_clear(&account->account);
	free(account->changed_before.ids);
	text_clear(&account->summary);
	free(account->met);
	free(account->listed);
	arena_clear(&account->arena);
	free(account);
}

static void note_rule(struct api_account *account, const struct rule_place *rule, const char *failed)
{
	if (account->n_met == account->met_capacity) {
		account->met_capacity = alloc_grown_capacity(account->met_capacity, account->n_met + 1);
		account->met = alloc_resize(account->met, account->met_capacity, sizeof(*account->met));
	}
	account->met[account->n_met++] = (struct ctreplay_met_rule){
		.rule = api_view_rule(rule), .failed = failed ? arena_copy_string(&account->arena, failed) : NULL,
	};
}

static void note_change(struct api_account *account, const struct event *event)
{
	switch (event->kind) {
	case EVENT_REPLY:
		account->has_spoken_before = true;
		break;
	case EVENT_LOOKUP:
		account_ids_add(&account->changed_before, event->lookup->before.id);
		if (!event->lookup->is_new)
			account_ids_add(&account->changed_before, event->lookup->after.id);
		break;
	case EVENT_CONNTRACK:
		if (!event->conntrack.expired)
			account_ids_add(&account->changed_before, event->conntrack.entry.id);
		break;
	default:
		break;
	}
}

static void begin_listing(struct api_account *account, const struct event *event)
{
	if (account->n_listed == account->listed_capacity) {
		account->listed_capacity = alloc_grown_capacity(account->listed_capacity, account->n_listed + 1);
		account->listed = alloc_resize(account->listed, account->listed_capacity, sizeof(*account->listed));
	}
	account->listed[account->n_listed++] = (struct listed){
		.label = arena_copy_string(&account->arena, event->snapshot.label), .time = event->time,
	};
}

static struct listed *last_listing(const struct api_account *account)
{
	return &account->listed[account->n_listed - 1];
}

static void hear(void *owner, const struct event *event)
{
	struct api_account *account = owner;

	if (!event->packet)
		note_change(account, event);
	if (event->kind == EVENT_RULE)
		note_rule(account, event->rule.rule, NULL);
	if (event->kind == EVENT_MISS)
		note_rule(account, event->miss.rule, event->miss.words);
	else if (event->kind == EVENT_SNAPSHOT)
		begin_listing(account, event);
	else if (event->kind == EVENT_ENTRY || event->kind == EVENT_EXPECTATION_ENTRY)
		account_add_row(&last_listing(account)->rows, event);
	else if (event->kind == EVENT_SET)
		account_lines_add(&last_listing(account)->sets, 0, event->set.line);
	else
		account_add(&account->account, event);
}

bool ctreplay_keep_account(struct ctreplay *replay)
{
	if (!api_is_fresh(replay))
		return false;
	if (replay->account)
		return true;
	replay->account = alloc_zeroed(1, sizeof(*replay->account));
	account_init(&replay->account->account);
	text_init(&replay->account->summary);
	arena_init(&replay->account->arena);
	return true;
}

void api_account_watch(struct ctreplay *replay, bool is_watched)
{
	const uint32_t kinds = account_kinds() | EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) |
			       EVENT_BIT(EVENT_EXPECTATION_ENTRY) | EVENT_BIT(EVENT_SET);
	uint32_t wanted = is_watched ? kinds : 0;
	bool is_heard;

	if (!replay->account)
		return;
	if (replay->state == API_RUNNING) {
		stream_change(&replay->replay.stream, replay->account, wanted);
		return;
	}
	is_heard = stream_add(&replay->replay.stream, wanted, hear, replay->account);
	assert(is_heard);	/* outputs leave room for it */
}

void api_account_begin(struct ctreplay *replay)
{
	if (replay->account)
		replay->account->n_drawn = simulator_n_drawn(replay->replay.simulator);
}

void api_account_end(struct ctreplay *replay, const struct packet *packet)
{
	struct api_account *account = replay->account;

	if (!account)
		return;
	account->was_drawn = simulator_n_drawn(replay->replay.simulator) > account->n_drawn;
	summary_print(packet, &account->summary);
}

static const struct ctreplay_line *view_lines(struct api_account *account, const struct account_lines *lines)
{
	struct ctreplay_line *view = arena_alloc(&account->arena, (lines->n + 1) * sizeof(*view));

	for (size_t i = 0; i < lines->n; i++)
		view[i] = (struct ctreplay_line){ .entry = lines->lines[i].entry, .text = lines->lines[i].text };
	return view;
}

/* Facts that are lines are told whole, too. */
static const char *view_joined(struct api_account *account, const struct account_lines *lines, const char *separator)
{
	struct text joined;
	const char *view;

	text_init(&joined);
	account_lines_join(lines, separator, &joined);
	view = arena_copy_string(&account->arena, text_string(&joined));
	text_clear(&joined);
	return view;
}

const struct ctreplay_account *ctreplay_account(struct ctreplay *replay)
{
	struct api_account *account = replay->account;
	const struct account *told;

	if (!account)
		return NULL;
	told = &account->account;
	for (int fact = 0; fact < FACT_COUNT; fact++)
		account->facts[fact] = text_string(&told->facts[fact]);
	account->facts[FACT_RULES] = view_joined(account, &told->rules, ", ");
	account->facts[FACT_EVENTS] = view_joined(account, &told->events, "\n");
	account->facts[FACT_EXPECTATIONS] = view_joined(account, &told->expectations, "\n");
	account->view = (struct ctreplay_account){
		.facts = account->facts, .n_facts = FACT_COUNT,
		.events = view_lines(account, &told->events), .n_events = told->events.n,
		.expectations = view_lines(account, &told->expectations), .n_expectations = told->expectations.n,
		.story = text_string(&told->story), .summary = text_string(&account->summary),
		.met = account->met, .n_met = account->n_met,
		.touched = told->touched.ids, .n_touched = told->touched.n,
		.masters = told->masters.ids, .n_masters = told->masters.n,
		.changed_before = account->changed_before.ids, .n_changed_before = account->changed_before.n,
		.has_spoken_before = account->has_spoken_before, .was_drawn = account->was_drawn,
	};
	return &account->view;
}

static const char *const *view_texts(struct api_account *account, const struct account_lines *lines)
{
	const char **view = arena_alloc(&account->arena, (lines->n + 1) * sizeof(*view));

	for (size_t i = 0; i < lines->n; i++)
		view[i] = lines->lines[i].text;
	return view;
}

const struct ctreplay_listing *ctreplay_listings(struct ctreplay *replay, size_t *n)
{
	struct api_account *account = replay->account;

	*n = account ? account->n_listed : 0;
	if (!*n)
		return NULL;
	account->listings = arena_alloc(&account->arena, *n * sizeof(*account->listings));
	for (size_t i = 0; i < *n; i++) {
		const struct listed *listed = &account->listed[i];

		account->listings[i] = (struct ctreplay_listing){
			.label = listed->label, .time_ns = listed->time.ns, .rows = view_lines(account, &listed->rows), .n_rows = listed->rows.n,
			.set_lines = view_texts(account, &listed->sets), .n_set_lines = listed->sets.n,
		};
	}
	return account->listings;
}

const char *ctreplay_fact_name(enum ctreplay_fact fact)
{
	return account_fact_name((enum fact)fact);
}
