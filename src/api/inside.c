/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "api/inside.h"

#include <assert.h>

#include "api/api.h"

struct run_options *inside_options(struct ctreplay *replay)
{
	return &replay->options;
}

void inside_listen(struct ctreplay *replay, uint32_t kinds, bool is_filtered, stream_listener *listener, void *owner)
{
	bool is_heard = stream_add(&replay->replay.stream, kinds, listener, owner);

	assert(is_heard && replay->state == API_OPEN);
	replay->has_listeners |= !is_filtered;
}

void inside_visit_rules(const struct ctreplay *replay, stream_listener *listener, void *owner)
{
	scene_visit_rules(&replay->replay.scene, listener, owner);
}
