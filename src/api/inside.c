/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "api/inside.h"

#include <assert.h>

#include "api/api.h"

void inside_listen(struct ctreplay *replay, uint32_t kinds, stream_listener *listener, void *owner)
{
	bool is_heard = stream_add(&replay->replay.stream, kinds, listener, owner);

	assert(is_heard && replay->state == API_OPEN);
	replay->has_listeners = true;
}

void inside_count_tries(struct ctreplay *replay)
{
	replay->options.counts_tries = true;
}

const struct ruleset *inside_ruleset(const struct ctreplay *replay)
{
	return replay->replay.scene.ruleset;
}

const struct rules_files *inside_rules_files(const struct ctreplay *replay)
{
	return &replay->options.rules;
}

int inside_link_type(const struct ctreplay *replay)
{
	return replay->replay.scene.capture.source->link_type;
}

const struct limits *inside_limits(const struct ctreplay *replay)
{
	return &replay->options.limits;
}

void inside_visit_rules(const struct ctreplay *replay, stream_listener *listener, void *owner)
{
	scene_visit_rules(&replay->replay.scene, listener, owner);
}
