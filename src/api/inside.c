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

static bool replay_next_of(struct replay *replay)
{
	struct packet *packet = replay_next(replay);

	if (packet)
		replay_step(replay, packet);
	return packet != NULL;
}

void inside_run_both(struct ctreplay *leader, struct ctreplay *other, bool is_same_capture, inside_look *look, void *owner)
{
	struct replay *first = &leader->replay, *second = &other->replay;

	assert(leader->state == API_OPEN && other->state == API_OPEN);
	first->keeps_captured = true;
	second->keeps_captured = second->shares_packets = is_same_capture;
	second->leader = first;
	api_watch(leader, false);
	api_watch(other, false);
	while (replay_next_of(first) && replay_next_of(second))
		if (!look(owner, replay_captured(first), first->outputs.is_shown))
			break;
}
