/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `ipset save` printed, and what people write for `ipset restore`: sets made and filled, line by line. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/ipset/ipset_parts.h"
#include "rules/ipset/read_options.h"

/* One blank-separated word of the line at hand, quotes taken off. */
static bool next_word(struct set_reader *reader, char **word)
{
	char *at = reader->at, *end;

	at += strspn(at, " \t");
	*word = at;
	if (!*at)
		return false;
	reader->where.offset = reader->line_offset + (uint32_t)(at - reader->line);
	if (*at == '"') {
		*word = ++at;
		end = strchr(at, '"');
		reader->where.offset++;
		if (!end)
			return set_reader_error(reader, "a text ends with a second \"", "unfinished quoted text", NULL);
	} else {
		end = at + strcspn(at, " \t");
	}
	reader->where.len = (uint32_t)(end - at);
	reader->at = *end ? end + 1 : end;
	*end = '\0';
	return true;
}

bool set_reader_error(struct set_reader *reader, const char *hint, const char *what, const char *word)
{
	if (word)
		diag_error(reader->diagnostics, reader->where, hint, "%s \"%.60s\"", what, word);
	else
		diag_error(reader->diagnostics, reader->where, hint, "%s", what);
	reader->has_failed = true;
	return false;
}

bool set_reader_value(struct set_reader *reader, const char *option, char **value)
{
	if (next_word(reader, value))
		return true;
	return reader->has_failed ? false : set_reader_error(reader, NULL, "a value is missing behind", option);
}

static bool is_command(const char *word, const char *name, char letter)
{
	if (strncmp(word, "--", 2) == 0)
		return strcmp(word + 2, name) == 0;
	if (word[0] == '-')
		return (char)word[1] == (letter >= 'a' ? letter - 'a' + 'A' : letter) && !word[2];
	return strcmp(word, name) == 0 || (word[0] == letter && !word[1]);
}

static bool is_exist(const char *word)
{
	return strcmp(word, "-exist") == 0 || strcmp(word, "--exist") == 0 || strcmp(word, "-!") == 0;
}

static struct set *find_set(struct set_reader *reader, const char *name)
{
	uint32_t number = ipsets_find(reader->sets, name);
	const char *nearest;
	struct text hint;

	if (number != IPSET_UNKNOWN)
		return &reader->sets->sets[number];
	nearest = ipsets_nearest(reader->diagnostics, reader->sets, name);
	text_init(&hint);
	text_printf(&hint, nearest ? "did you mean %s?" : "a line \"create %s TYPE\" must stand above", nearest ? nearest : name);
	(void)set_reader_error(reader, text_string(&hint), "there is no set", name);
	text_clear(&hint);
	return NULL;
}

/* The set of a line's second word, and the element of its third. */
static struct set *read_set_and_word(struct set_reader *reader, char **element)
{
	struct set *set;
	char *name;

	if (!set_reader_value(reader, "the command", &name))
		return NULL;
	set = find_set(reader, name);
	return set && set_reader_value(reader, name, element) ? set : NULL;
}

static void report_type(struct set_reader *reader, const char *word)
{
	size_t n;
	const struct set_type *types = set_type_all(&n);
	const char **names = alloc_zeroed(n, sizeof(*names));
	const char *nearest;
	struct text hint;

	for (size_t i = 0; i < n; i++)
		names[i] = types[i].name;
	nearest = diag_nearest(word, names, n);
	text_init(&hint);
	text_printf(&hint, nearest ? "did you mean %s?" : "like hash:ip, hash:net or list:set", nearest);
	(void)set_reader_error(reader, text_string(&hint), "unknown type of set", word);
	text_clear(&hint);
	free(names);
}

static struct set *add_set(struct ipsets *sets)
{
	if (sets->n_sets == sets->capacity) {
		sets->capacity = alloc_grown_capacity(sets->capacity, sets->n_sets + 1);
		sets->sets = alloc_resize(sets->sets, sets->capacity, sizeof(*sets->sets));
	}
	return &sets->sets[sets->n_sets++];
}

/* "create NAME TYPE [OPTION...]" */
static bool read_create(struct set_reader *reader)
{
	struct set set = { .family = FAMILY_NONE };
	struct source_range name_at;
	uint32_t known;
	char *name, *word;

	if (!set_reader_value(reader, "create", &name))
		return false;
	name_at = reader->where;
	if (strlen(name) > SET_NAME_LONGEST)
		return set_reader_error(reader, "at most 31 characters", "too long a name for a set:", name);
	known = ipsets_find(reader->sets, name);
	if (reader->sets->n_sets == IPSET_MOST)
		return set_reader_error(reader, NULL, "too many sets", NULL);
	if (!set_reader_value(reader, name, &word))
		return false;
	set.type = set_type_find(word);
	if (!set.type) {
		report_type(reader, word);
		return false;
	}
	set_options_default(&set);
	while (next_word(reader, &word)) {
		if (is_exist(word))
			reader->may_exist = true;
		else if (!set_options_read_create(reader, &set, word))
			return false;
	}
	if (reader->has_failed || !set_options_finish(reader, &set))
		return false;
	reader->where = name_at;
	if (known != IPSET_UNKNOWN)
		return reader->may_exist || set_reader_error(reader, "-exist behind the command allows that", "there is already a set", name);
	set.name = arena_copy_string(&reader->sets->arena, name);
	set_init(&set);
	*add_set(reader->sets) = set;
	ipsets_note_name(reader->sets);
	return true;
}

/* A bitmap's element that is none of its range. */
static bool is_out_of_range(const struct set *set, const struct set_element *element)
{
	uint32_t value = set->type->has_family ? address_ipv4(&element->address[0]) : element->port;

	return set->type->storage == STORAGE_BITMAP && (value < set->header.first || value > set->header.last);
}

static bool is_full(const struct set *set)
{
	return set->n_records >= (set->type->storage == STORAGE_HASH ? set->header.max_elements :
				  set->type->storage == STORAGE_LIST ? set->header.list_size : UINT32_MAX);
}

/* Where in a list a new member goes, by the word behind "before" or "after". */
static uint32_t find_place(struct set_reader *reader, const struct set *set, const struct set_addition *addition)
{
	struct set_element neighbour = { .member = addition->neighbour };
	uint32_t at = set->n_records;

	if (!addition->has_neighbour)
		return at;
	at = set_find(set, &neighbour);
	if (at == SET_NOT_FOUND)
		(void)set_reader_error(reader, NULL, "the list does not have the set that is named as neighbour", NULL);
	return at + (at != SET_NOT_FOUND && addition->is_after);
}

static bool add_one(struct set_reader *reader, struct set *set, struct set_element *element, const struct set_addition *addition)
{
	uint32_t record = set_find(set, element), place;

	element->is_nomatch = addition->is_nomatch;
	element->is_wildcard = addition->is_wildcard;
	if (is_out_of_range(set, element))
		return set_reader_error(reader, NULL, "this element is outside of the range of set", set->name);
	if (record != SET_NOT_FOUND && (reader->may_exist || (set->mac_at && element->has_mac))) {
		set_write_extension(set, record, &addition->extension);
		set_write_flags(set, record, element);
		return true;
	}
	if (record != SET_NOT_FOUND)
		return set_reader_error(reader, "-exist behind the command allows that", "this element stands already in set", set->name);
	if (is_full(set))
		return set_reader_error(reader, "its \"create\" line says how many elements it takes at most", "too many elements for set",
					set->name);
	place = find_place(reader, set, addition);
	if (place == SET_NOT_FOUND)
		return false;
	set_insert(set, element, &addition->extension, place);
	return true;
}

enum { LIST_MEMBERS_PASSED = 64 };

/* The next element that a word names: a range of addresses is many. False behind the last, and after an error. */
static bool next_element(struct set_reader *reader, const struct set *set, struct set_words *words, struct set_element *element)
{
	bool is_first = !words->is_started;
	char number[32];

	if (!set_words_next(words, element))
		return false;
	/* A list is searched from its beginning: so many members count as one more. */
	if (set->type->storage == STORAGE_LIST)
		reader->sets->n_named += set->n_records / LIST_MEMBERS_PASSED;
	reader->sets->n_named += !is_first;
	if (reader->sets->n_named <= reader->sets->most_named)
		return true;
	snprintf(number, sizeof(number), "%" PRIu64, reader->sets->most_named);
	return set_reader_error(reader, "--limit set-elements=N allows more", "with this one, more elements are named than", number);
}

/* "add NAME ELEMENT [OPTION...]" */
static bool read_add(struct set_reader *reader)
{
	struct set_addition addition;
	struct set_element element;
	struct set_words words;
	struct source_range element_at;
	char *text, *word;
	struct set *set = read_set_and_word(reader, &text);

	if (!set)
		return false;
	element_at = reader->where;
	if (!set_words_parse(&words, reader->sets, set, text, element_at, reader->diagnostics)) {
		reader->has_failed = true;
		return false;
	}
	set_options_start_addition(set, &addition);
	while (next_word(reader, &word)) {
		if (is_exist(word))
			reader->may_exist = true;
		else if (!set_options_read_add(reader, set, &addition, word))
			return false;
	}
	reader->where = element_at;
	while (!reader->has_failed && next_element(reader, set, &words, &element))
		(void)add_one(reader, set, &element, &addition);
	return !reader->has_failed;
}

/* "del NAME ELEMENT [OPTION...]" */
static bool read_delete(struct set_reader *reader)
{
	struct set_element element;
	struct set_words words;
	struct source_range element_at;
	char *text, *word;
	struct set *set = read_set_and_word(reader, &text);

	if (!set)
		return false;
	element_at = reader->where;
	if (!set_words_parse(&words, reader->sets, set, text, element_at, reader->diagnostics)) {
		reader->has_failed = true;
		return false;
	}
	while (next_word(reader, &word))
		if (is_exist(word))
			reader->may_exist = true;
	reader->where = element_at;
	while (next_element(reader, set, &words, &element)) {
		uint32_t record = set_find(set, &element);

		if (record != SET_NOT_FOUND)
			set_remove(set, record);
		else if (!reader->may_exist)
			return set_reader_error(reader, NULL, "this element is not in set", set->name);
	}
	return !reader->has_failed;
}

static bool read_flush(struct set_reader *reader)
{
	struct set *set = NULL;
	char *name;

	if (next_word(reader, &name) && !(set = find_set(reader, name)))
		return false;
	for (size_t i = 0; i < reader->sets->n_sets; i++) {
		struct set *flushed = set ? set : &reader->sets->sets[i];

		while (flushed->n_records)
			set_remove(flushed, flushed->n_records - 1);
	}
	return !reader->has_failed;
}

static bool read_command(struct set_reader *reader, const char *word)
{
	if (is_command(word, "create", 'n') || is_command(word, "new", 'n'))
		return read_create(reader);
	if (is_command(word, "add", 'a'))
		return read_add(reader);
	if (is_command(word, "del", 'd'))
		return read_delete(reader);
	if (is_command(word, "flush", 'f'))
		return read_flush(reader);
	if (strcmp(word, "COMMIT") == 0 || strcmp(word, "quit") == 0)
		return true;
	return set_reader_error(reader, "expected: lines of `ipset save`, which begin with create or add", "unknown command", word);
}

/* The line is taken apart where it stands, in a copy. */
static void read_line(struct set_reader *reader)
{
	char *word;

	reader->at = reader->line;
	reader->has_failed = reader->may_exist = false;
	do {
		if (!next_word(reader, &word) || *word == '#')
			return;
		reader->may_exist |= is_exist(word);
	} while (strcmp(word, "ipset") == 0 || is_exist(word));
	(void)read_command(reader, word);
}

bool ipsets_read(struct ipsets *sets, const struct source *source, struct diagnostics *diagnostics)
{
	struct set_reader reader = { .sets = sets, .diagnostics = diagnostics, .where = { .source = source } };
	size_t n_errors = diagnostics->n_errors, capacity = 0;

	for (size_t offset = 0; offset < source->len && diag_has_room(diagnostics);) {
		const char *start = source->text + offset, *end = memchr(start, '\n', source->len - offset);
		size_t len = end ? (size_t)(end - start) : source->len - offset, kept = len;

		if (len + 1 > capacity) {
			capacity = len + 256;
			reader.line = alloc_resize(reader.line, capacity, 1);
		}
		if (kept && start[kept - 1] == '\r')
			kept--;
		memcpy(reader.line, start, kept);
		reader.line[kept] = '\0';
		reader.line_offset = (uint32_t)offset;
		read_line(&reader);
		offset += len + 1;
	}
	free(reader.line);
	return diagnostics->n_errors == n_errors;
}
