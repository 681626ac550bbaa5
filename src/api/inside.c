/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "api/inside.h"

#include <assert.h>

#include "api/api.h"

struct run_options *inside_options(struct ctreplay *replay)
{
	return &replay->options;
}

void inside_use_script(struct ctreplay *replay, const struct text *script)
{
	replay->replay.scene.script = script;
}

bool inside_load_rules(struct ctreplay *replay)
{
	bool is_loaded = scene_load_rules(&replay->replay.scene);

	api_messages_reset(&replay->messages);
	api_messages_take(&replay->messages, &replay->replay.scene.diagnostics);
	return is_loaded;
}

void inside_listen(struct ctreplay *replay, uint32_t kinds, bool is_filtered, stream_listener *listener, void *owner)
{
	bool is_heard = stream_add(&replay->replay.stream, kinds, listener, owner);

	assert(is_heard && replay->state == API_OPEN);
	replay->has_listeners |= !is_filtered;
}

const struct ruleset *inside_ruleset(const struct ctreplay *replay)
{
	return replay->replay.scene.ruleset;
}

int inside_link_type(const struct ctreplay *replay)
{
	return replay->replay.scene.capture.source->link_type;
}

const char *inside_host(const struct ctreplay *replay)
{
	return text_string(&replay->replay.scene.host);
}

void inside_visit_rules(const struct ctreplay *replay, stream_listener *listener, void *owner)
{
	scene_visit_rules(&replay->replay.scene, listener, owner);
}

/* Two replays that take turns. */
struct both {
	struct replay *leader, *other;
	const struct inside_turns *turns;
	void *owner;
	size_t most;			/* packets at a time: where each reads for itself one, else those that are read at a time */
	bool is_shown[INSIDE_MOST_TURNS];
};

static_assert((int)BATCH_MOST <= (int)INSIDE_MOST_TURNS, "what is read at a time has room");

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
		both->turns->turn(both->owner, n, true);
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
		both->turns->turn(both->owner, i, false);
		both->other->is_shown_by_leader = both->is_shown[i];
		replay_step(both->other, packet);
	}
	return n;
}

/* `n` of those that the leader has replayed were replayed by the other, too. False: that is enough. */
static bool compare(const struct both *both, size_t n, size_t n_leader)
{
	bool goes_on = n > 0;

	for (size_t i = 0; i < n; i++)
		if (both->is_shown[i])
			both->turns->judge(both->owner, i, replay_captured(both->leader, n_leader - 1 - i));
	for (size_t i = 0; i < n && goes_on; i++)
		if (both->is_shown[i])
			goes_on = both->turns->end(both->owner, i, replay_captured(both->leader, n_leader - 1 - i));
	return goes_on;
}

/* What the other needs in the processor would drive out what the leader does: so some packets at a time. */
void inside_run_both(struct ctreplay *leader, struct ctreplay *other, bool is_same_capture, const struct inside_turns *turns, void *owner)
{
	struct both both = {
		.leader = &leader->replay, .other = &other->replay, .turns = turns, .owner = owner,
		.most = is_same_capture ? INSIDE_MOST_TURNS : 1,
	};
	size_t n;

	assert(leader->state == API_OPEN && other->state == API_OPEN);
	both.leader->keeps_captured = true;
	both.other->keeps_captured = both.other->shares_packets = is_same_capture;
	both.other->leader = both.leader;
	api_watch(leader, false);
	api_watch(other, false);
	do
		n = lead(&both);
	while (compare(&both, follow(&both, n), n));
}
