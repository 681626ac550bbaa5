/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/sink.h"

#include <string.h>

#include "base/diag.h"

enum { MOST_NAMES = 64, LONGEST_NAME = 64 };

static void suggest(const char *word, const char *const *names, size_t n_names, struct text *error)
{
	const char *nearest = diag_nearest(word, names, n_names);

	if (nearest) {
		text_printf(error, "; did you mean %s?", nearest);
		return;
	}
	for (size_t i = 0; i < n_names; i++)
		text_printf(error, "%s%s", i ? ", " : "; there are ", names[i]);
}

static void complain_format(const char *word, struct text *error)
{
	const struct sink_type *const *types = sink_all();
	const char *names[MOST_NAMES];
	size_t n_names = 0;

	for (; n_names < MOST_NAMES && types[n_names]; n_names++)
		names[n_names] = types[n_names]->name;
	text_printf(error, "unknown format \"%s\"", word);
	suggest(word, names, n_names, error);
}

static void complain_word(const struct sink_type *type, const char *word, struct text *error)
{
	const char *names[MOST_NAMES];
	size_t n_names = 0;

	for (const struct sink_word *known = type->words; known && known->name && n_names < MOST_NAMES; known++)
		names[n_names++] = known->name;
	text_printf(error, "format %s has no variant \"%s\"", type->name, word);
	suggest(word, names, n_names, error);
}

static const struct sink_word *find_word(const struct sink_type *type, const char *name)
{
	for (const struct sink_word *word = type->words; word && word->name; word++)
		if (!strcmp(word->name, name))
			return word;
	return NULL;
}

static bool is_accepted(const struct sink_type *type, uint32_t words, struct text *error)
{
	const char *why = type->refuse ? type->refuse(words) : NULL;

	if (why)
		text_append(error, why);
	return !why;
}

bool sink_parse(const char *text, const struct sink_type **type, struct sink_options *options, struct text *error)
{
	const struct sink_word *word;
	char name[LONGEST_NAME];

	*type = NULL;
	for (;;) {
		size_t len = strcspn(text, ",");

		if (len >= sizeof(name))
			len = sizeof(name) - 1;
		memcpy(name, text, len);
		name[len] = '\0';
		if (!*type) {
			*type = sink_find(name);
			if (!*type) {
				complain_format(name, error);
				return false;
			}
		} else {
			word = find_word(*type, name);
			if (!word) {
				complain_word(*type, name, error);
				return false;
			}
			options->words |= word->flag;
		}
		text += strcspn(text, ",");
		if (!*text)
			return is_accepted(*type, options->words, error);
		text++;
	}
}

static uint32_t wanted_kinds(const struct sink_type *type, const struct sink_options *options)
{
	uint32_t kinds = type->kinds | (type->wants_left ? EVENT_PACKET_LEFT : 0);

	if (options->quiet && type->quiet_kinds)
		return type->quiet_kinds;
	for (const struct sink_word *word = type->words; word && word->name; word++)
		if (options->words & word->flag)
			kinds |= word->kinds;
	return kinds;
}

void sink_open(struct sink *sink, const struct sink_type *type, const struct sink_options *options,
	       struct output *output)
{
	sink->type = type;
	sink->output = output;
	sink->kinds = wanted_kinds(type, options);
	sink->state = type->open(options, output);
}

void sink_listen(void *owner, const struct event *event)
{
	struct sink *sink = owner;

	if (output_has_failed(sink->output))
		return;
	sink->type->on_event(sink->state, event);
	output_flush_if_full(sink->output);
}

void sink_close(struct sink *sink)
{
	sink->type->close(sink->state);
	sink->state = NULL;
}
