/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_compare(): two replays of the same packets side by side (replay/comparison). */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"
#include "sink/packet_words.h"

static_assert((int)CTREPLAY_DIFFERS_VERDICT == DIFFERS_VERDICT && (int)CTREPLAY_DIFFERS_RULE == DIFFERS_RULE &&
	      (int)CTREPLAY_DIFFERS_CTSTATE == DIFFERS_CTSTATE && (int)CTREPLAY_DIFFERS_NAT == DIFFERS_NAT &&
	      (int)CTREPLAY_DIFFERS_ANSWER == DIFFERS_ANSWER && (int)CTREPLAY_DIFFERS_LOG == DIFFERS_LOG, "the API's numbers never change");
static_assert((int)BATCH_MOST <= (int)COMPARISON_MOST_TURNS, "what is read at a time has room");

enum { TOLD_RULES = 16 };

/* One side of a packet that differs, in the API's terms. Few rules decide, by turns: the latest of each number in its chain is kept. */
struct told_side {
	struct {
		const struct rule_place *place;
		struct ctreplay_rule rule;
	} rules[TOLD_RULES];
	struct text sent;
};

/* Two replays that take turns. */
struct both {
	struct ctreplay *first;
	struct replay *leader, *other;
	struct comparison comparison;
	struct told_side told[COMPARISON_SIDES];
	struct ctreplay_difference difference;
	ctreplay_differ *differ;
	void *owner;
	size_t most;			/* packets at a time: where each reads for itself one, else those that are read at a time */
	bool is_shown[COMPARISON_MOST_TURNS];
	bool is_enough;
};

/* The leader's next packets, which lie side by side; how many. */
static size_t lead(struct both *both)
{
	struct replay *leader = both->leader;
	struct packet *packet;
	size_t n = 0;

	do {
		packet = replay_next(leader);
		if (!packet)
			break;
		comparison_turn(&both->comparison, n);
		comparison_begin(&both->comparison);
		replay_step(leader, packet);
		both->is_shown[n++] = leader->outputs.is_shown;
	} while (n < both->most && !replay_is_batch_over(leader));
	return n;
}

/* The same packets of the other one; how many there were. */
static size_t follow(struct both *both, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct packet *packet = replay_next(both->other);

		if (!packet)
			return i;
		comparison_turn(&both->comparison, i);
		both->other->is_shown_by_leader = both->is_shown[i];
		replay_step(both->other, packet);
	}
	return n;
}

/* Most texts are empty. */
static const char *string_of(const struct text *text)
{
	return text->len ? text->bytes : "";
}

static const struct ctreplay_rule *view_rule(struct told_side *told, const struct rule_place *place)
{
	size_t at;

	if (!place)
		return NULL;
	at = place->number % TOLD_RULES;
	if (told->rules[at].place != place) {
		told->rules[at].place = place;
		told->rules[at].rule = api_view_rule(place);
	}
	return &told->rules[at].rule;
}

static void view_side(const struct outcome *outcome, struct told_side *told, struct ctreplay_outcome *view)
{
	if (told->sent.len)
		text_reset(&told->sent);
	if (outcome->was_rewritten)
		packet_words_print_flow(&outcome->sent, &told->sent);
	view->verdict = (enum ctreplay_verdict)outcome->verdict;
	view->ctstate = (enum ctreplay_ctstate)outcome->ctstate;
	view->decided_by = view_rule(told, outcome->decided_by);
	view->reason = outcome->reason;
	view->sent = string_of(&told->sent);
	view->answer = string_of(&outcome->answer);
	view->log = string_of(&outcome->log);
}

/* False: that is enough. */
static bool tell(struct both *both, const struct packet *captured)
{
	struct comparison *comparison = &both->comparison;
	const struct comparison_turn *turn = comparison->turn;
	struct ctreplay_difference *difference = &both->difference;

	difference->number = captured->number;
	difference->time_ns = captured->time.ns;
	difference->kinds = turn->kinds;
	difference->flow = comparison_flow(comparison);
	for (unsigned i = 0; i < COMPARISON_SIDES; i++)
		view_side(&turn->outcomes[i], &both->told[i], &difference->outcomes[i]);
	both->first->view.captured = captured;
	return both->differ(both->owner, difference);
}

/* `n` of those that the leader has replayed were replayed by the other, too. */
static void compare(struct both *both, size_t n, size_t n_leader)
{
	for (size_t i = 0; i < n; i++) {
		comparison_turn(&both->comparison, i);
		if (both->is_shown[i])
			comparison_judge(&both->comparison, replay_captured(both->leader, n_leader - 1 - i));
	}
	for (size_t i = 0; i < n && !both->is_enough; i++) {
		comparison_turn(&both->comparison, i);
		if (both->is_shown[i] && comparison_end(&both->comparison))
			both->is_enough = !tell(both, replay_captured(both->leader, n_leader - 1 - i));
	}
}

/* Do both read the same packets, so that reading and decoding them once is enough? */
static bool is_same_capture(const struct run_options *one, const struct run_options *other)
{
	if (one->n_captures != other->n_captures || memcmp(&one->limits, &other->limits, sizeof(one->limits)) != 0)
		return false;
	for (size_t i = 0; i < one->n_captures; i++)
		if (strcmp(one->captures[i], other->captures[i]) != 0)
			return false;
	return true;
}

static bool is_same_script(const struct scene *one, const struct scene *other)
{
	if (!one->script || !other->script)
		return one->script == other->script;
	return one->script->len == other->script->len && memcmp(one->script->bytes, other->script->bytes, one->script->len) == 0;
}

/* What the other needs in the processor would drive out what the leader does: so some packets at a time. */
static void run_both(struct both *both)
{
	size_t n_leader, n;

	do {
		n_leader = lead(both);
		n = follow(both, n_leader);
		compare(both, n, n_leader);
	} while (n && !both->is_enough);
}

static void listen(struct ctreplay *replay, stream_listener *listener, struct comparison *comparison)
{
	bool is_heard = stream_add(&replay->replay.stream, COMPARISON_KINDS, listener, comparison);

	assert(is_heard);	/* outputs leave room for it */
	replay->replay.keeps_captured = true;
	api_watch(replay, false);
}

static void begin(struct both *both, struct ctreplay *second)
{
	struct ctreplay *first = both->first;
	bool is_same = is_same_capture(&first->options, &second->options) && is_same_script(&first->replay.scene, &second->replay.scene);

	comparison_init(&both->comparison);
	both->comparison.is_filtered = first->options.packets != NULL;
	both->leader = &first->replay;
	both->other = &second->replay;
	both->most = is_same ? COMPARISON_MOST_TURNS : 1;
	both->other->shares_packets = is_same;
	both->other->leader = both->leader;
	listen(first, comparison_hear_first, &both->comparison);
	listen(second, comparison_hear_second, &both->comparison);
}

/* What has listened is not there any more. */
static void end(struct both *both, struct ctreplay *second)
{
	struct ctreplay *first = both->first;

	stream_change(&first->replay.stream, &both->comparison, 0);
	stream_change(&second->replay.stream, &both->comparison, 0);
	first->view.captured = NULL;
	first->is_compared = second->is_compared = first->has_comparison = true;
	first->comparison = (struct ctreplay_comparison){
		.n_packets = both->comparison.n_packets, .n_flows = both->comparison.n_flows, .n_uncertain = both->comparison.n_uncertain,
	};
	comparison_clear(&both->comparison);
	for (unsigned i = 0; i < COMPARISON_SIDES; i++)
		text_clear(&both->told[i].sent);
}

bool api_compare(struct ctreplay *first, struct ctreplay *second, ctreplay_differ *differ, void *owner)
{
	struct both both = { .first = first, .differ = differ, .owner = owner };

	begin(&both, second);
	run_both(&both);
	end(&both, second);
	return !both.is_enough;
}
