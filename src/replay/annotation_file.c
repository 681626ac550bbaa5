/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/annotation_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "replay/rules_files.h"

static const char blanks[] = " \t\r";

/* What one line tells. */
struct annotation_line {
	struct annotation_line *next;
	uint32_t told;			/* bit per annotation */
	struct annotation_value values[ANNOTATION_COUNT];
	struct filter *filter;		/* owned; NULL: of every packet */
};

/* Where the file is being read. */
struct reader {
	struct annotation_file *file;
	int link_type;
	struct filter_room *room;
	struct diagnostics *diagnostics;
};

static struct source_range range_of(const struct reader *reader, const char *at, size_t len)
{
	const struct source *source = &reader->file->source;

	return (struct source_range){ source, (uint32_t)(at - source->text), (uint32_t)len };
}

static bool refuse_value(const struct reader *reader, const struct annotation_kind *kind, const char *value, size_t len)
{
	diag_error(reader->diagnostics, range_of(reader, value, len), kind->value_name, "\"%.*s\" is no value of %s", (int)len, value,
		   kind->name);
	return false;
}

static bool parse_value(const struct reader *reader, const struct annotation_kind *kind, const char *value, size_t len,
			struct annotation_value *stored)
{
	char *text = arena_alloc(&reader->file->arena, len + 1), *end;
	unsigned long long number;

	memcpy(text, value, len);
	text[len] = '\0';
	if (kind->is_text) {
		stored->text = strcmp(text, "none") == 0 ? "" : text;
		return len || refuse_value(reader, kind, value, len);
	}
	for (const struct annotation_word *word = kind->words; word && word->word; word++) {
		if (strcmp(word->word, text) != 0)
			continue;
		stored->number = word->number;
		return true;
	}
	if (kind->words || text[0] < '0' || text[0] > '9')
		return refuse_value(reader, kind, value, len);
	errno = 0;
	number = strtoull(text, &end, 0);
	stored->number = (uint32_t)number;
	return (!*end && !errno && number <= kind->max) || refuse_value(reader, kind, value, len);
}

/* "uid=1000"; false: no annotation, the filter begins here. *is_good: false after an error. */
static bool parse_annotation(const struct reader *reader, const char *word, size_t len, struct annotation_line *line,
			     bool *is_good)
{
	const char *equals = memchr(word, '=', len);
	enum annotation annotation = equals ? annotation_find_kind(word, (size_t)(equals - word)) : ANNOTATION_COUNT;

	if (annotation == ANNOTATION_COUNT)
		return false;
	line->told |= UINT32_C(1) << annotation;
	*is_good &= parse_value(reader, &annotation_kinds()[annotation], equals + 1, len - (size_t)(equals + 1 - word),
				&line->values[annotation]);
	return true;
}

static bool parse_filter(const struct reader *reader, const char *at, size_t len, struct annotation_line *line)
{
	char *expression;
	struct text error;

	while (len && strchr(blanks, at[len - 1]))
		len--;
	if (!len)
		return true;
	expression = arena_alloc(&reader->file->arena, len + 1);
	memcpy(expression, at, len);
	expression[len] = '\0';
	text_init(&error);
	line->filter = filter_create(expression, reader->link_type, reader->room, &error);
	if (!line->filter)
		diag_error(reader->diagnostics, range_of(reader, at, len), NULL, "%s", text_string(&error));
	text_clear(&error);
	return line->filter != NULL;
}

static bool parse_line(const struct reader *reader, const char *at, size_t len, struct annotation_line *line)
{
	const char *end = at + len;
	bool is_good = true;

	while (at < end) {
		size_t word_len = 0;

		if (strchr(blanks, *at)) {
			at++;
			continue;
		}
		while (at + word_len < end && !strchr(blanks, at[word_len]))
			word_len++;
		if (!parse_annotation(reader, at, word_len, line, &is_good))
			break;
		at += word_len;
	}
	if (!line->told) {
		diag_error(reader->diagnostics, range_of(reader, at, (size_t)(end - at)), "`ctreplay list annotations` lists them",
			   "a line begins with NAME=VALUE");
		return false;
	}
	return parse_filter(reader, at, (size_t)(end - at), line) && is_good;
}

static bool find(const struct annotation_source *annotations, const struct packet *packet, enum annotation annotation,
		 struct annotation_value *value)
{
	const struct annotation_line *line = ((const struct annotation_file *)annotations)->lines;

	for (; line; line = line->next) {
		if (!(line->told >> annotation & 1) || (line->filter && (!packet->frame || !filter_is_passed(line->filter, packet))))
			continue;
		*value = line->values[annotation];
		return true;
	}
	return false;
}

bool annotation_file_open(struct annotation_file *file, const char *path, int link_type, struct filter_room *room,
			  struct diagnostics *diagnostics)
{
	struct reader reader = { .file = file, .link_type = link_type, .room = room, .diagnostics = diagnostics };
	struct annotation_line **end = &file->lines;
	const char *at;

	*file = (struct annotation_file){ .annotations = { .find = find } };
	arena_init(&file->arena);
	if (!rules_files_read(path, &file->source, diagnostics))
		return false;
	for (at = file->source.text; *at && diag_has_room(diagnostics);) {
		size_t len = strcspn(at, "\n"), indent = strspn(at, blanks);

		if (indent < len && at[indent] != '#') {
			*end = arena_alloc(&file->arena, sizeof(**end));
			parse_line(&reader, at + indent, len - indent, *end);
			end = &(*end)->next;
		}
		at += len + (at[len] == '\n');
	}
	return diagnostics->n_errors == 0;
}

void annotation_file_clear(struct annotation_file *file)
{
	for (struct annotation_line *line = file->lines; line; line = line->next)
		filter_destroy(line->filter);
	arena_clear(&file->arena);
	if (file->source.text)
		source_clear(&file->source);
}
