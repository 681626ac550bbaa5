/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "api/api.h"
#include "base/alloc.h"

void api_messages_init(struct api_messages *messages)
{
	*messages = (struct api_messages){ .n_messages = 0 };
	arena_init(&messages->arena);
	text_init(&messages->text);
}

void api_messages_clear(struct api_messages *messages)
{
	arena_clear(&messages->arena);
	text_clear(&messages->text);
	free(messages->messages);
	api_messages_init(messages);
}

void api_messages_reset(struct api_messages *messages)
{
	if (!messages->n_messages)
		return;
	messages->n_messages = 0;
	text_reset(&messages->text);
	arena_clear(&messages->arena);
}

static struct ctreplay_message *add(struct api_messages *messages, const char *words)
{
	struct ctreplay_message *message;

	if (messages->n_messages == messages->capacity) {
		messages->capacity = alloc_grown_capacity(messages->capacity, messages->n_messages + 1);
		messages->messages = alloc_resize(messages->messages, messages->capacity, sizeof(*messages->messages));
	}
	message = &messages->messages[messages->n_messages++];
	*message = (struct ctreplay_message){ .text = arena_copy_string(&messages->arena, words) };
	return message;
}

struct taking {
	struct api_messages *messages;
	struct source_place place;
};

static void take(void *owner, const struct diag_message *taken)
{
	struct taking *taking = owner;
	struct api_messages *messages = taking->messages;
	struct ctreplay_message *message = add(messages, taken->message);

	message->is_error = taken->severity == DIAG_ERROR;
	if (taken->hint)
		message->hint = arena_copy_string(&messages->arena, taken->hint);
	if (!taken->where.source)
		return;
	message->file = arena_copy_string(&messages->arena, taken->where.source->name);
	source_move(&taking->place, taken->where.source, taken->where.offset);
	message->line = taking->place.line;
	message->column = taken->where.offset - taking->place.start + 1;
}

void api_messages_take(struct api_messages *messages, struct diagnostics *diagnostics)
{
	struct taking taking = { .messages = messages };

	diag_visit(diagnostics, take, &taking);
	diag_print(diagnostics, &messages->text);
	diag_clear(diagnostics);
}

void api_messages_warn(struct api_messages *messages, const char *words)
{
	(void)add(messages, words);
	text_printf(&messages->text, "ctreplay: warning: %s\n", words);
}

const struct ctreplay_message *ctreplay_messages(const struct ctreplay *replay, size_t *n)
{
	*n = replay->messages.n_messages;
	return replay->messages.messages;
}

const char *ctreplay_message_text(const struct ctreplay *replay)
{
	return text_string(&replay->messages.text);
}
