/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expectations from JSON: one table of keys, each of which belongs to certain kinds of expectation. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "suite/suite_parts.h"

enum { WORD_LONGEST = 63 };

/* One expectation on its way in. */
struct reading {
	struct suite *suite;
	const struct json_document *document;
	struct expectation *expectation;
};

typedef bool store(struct reading *reading, const cJSON *item);

static bool copy_string(struct reading *reading, const cJSON *item, const char **string)
{
	if (!json_document_string(reading->document, item, string))
		return false;
	*string = arena_copy_string(&reading->suite->arena, *string);
	return true;
}

static bool split_words(struct reading *reading, const cJSON *item, struct suite_words *words)
{
	const char *at;

	if (!copy_string(reading, item, &words->written))
		return false;
	words->words = arena_alloc(&reading->suite->arena, (strlen(words->written) / 2 + 1) * sizeof(*words->words));
	for (at = words->written; *(at += strspn(at, " ")); at += strcspn(at, " "))
		words->words[words->n_words++] = arena_copy(&reading->suite->arena, at, strcspn(at, " "));
	return true;
}

/* "31s", "0.5", 31: seconds. */
static bool read_seconds(struct reading *reading, const cJSON *item, int64_t *ns)
{
	char *end = NULL;
	double seconds = 0;

	if (cJSON_IsNumber(item)) {
		seconds = item->valuedouble;
	} else if (cJSON_IsString(item)) {
		seconds = strtod(item->valuestring, &end);
		end += *end == 's';
	}
	if ((!end && !cJSON_IsNumber(item)) || (end && (*end || end == item->valuestring)) || !(seconds >= 0 && seconds < 1e9))
		return json_document_refuse(reading->document, item, "31, \"31s\" or \"0.5s\"", "expected a time in seconds");
	*ns = (int64_t)(seconds * 1e9 + 0.5);
	return true;
}

static bool add_range(struct reading *reading, uint64_t first, uint64_t last)
{
	struct suite_choice *choice = &reading->expectation->choice;
	size_t n = choice->n_ranges++;

	/* Room is for a power of two of them. */
	if ((n & (n - 1)) == 0) {
		struct suite_range *ranges = arena_alloc(&reading->suite->arena, (n ? 2 * n : 1) * sizeof(*ranges));

		if (n)
			memcpy(ranges, choice->ranges, n * sizeof(*ranges));
		choice->ranges = ranges;
	}
	choice->ranges[n] = (struct suite_range){ first, last };
	return true;
}

/* "3", "3-7", "3-7,9-": false, without a message, when it is something else. */
static bool parse_ranges(struct reading *reading, const char *text)
{
	while (*text >= '0' && *text <= '9') {
		char *end;
		uint64_t first = strtoull(text, &end, 10), last = first;

		if (*end == '-') {
			const char *start = end + 1;

			last = strtoull(start, &end, 10);
			if (end == start)
				last = UINT64_MAX;
		}
		if (first == 0 || last < first || (*end && *end != ','))
			return false;
		add_range(reading, first, last);
		if (!*end)
			return true;
		text = end + 1;
	}
	return false;
}

static bool store_filter(struct reading *reading, const cJSON *item, const char *text)
{
	struct text error;
	bool is_ok;

	text_init(&error);
	is_ok = filter_room_take(&reading->suite->filter_room, strlen(text), &error);
	if (is_ok)
		reading->expectation->choice.filter = text;
	else
		json_document_refuse(reading->document, item, NULL, "%s", text_string(&error));
	text_clear(&error);
	return is_ok;
}

static bool store_packets(struct reading *reading, const cJSON *item)
{
	uint32_t number;
	const char *text;

	if (cJSON_IsNumber(item))
		return json_document_number(reading->document, item, UINT32_MAX, &number) && add_range(reading, number, number);
	if (cJSON_IsArray(item)) {
		for (const cJSON *one = item->child; one; one = one->next)
			if (!json_document_number(reading->document, one, UINT32_MAX, &number) || !add_range(reading, number, number))
				return false;
		return true;
	}
	if (!cJSON_IsString(item))
		return json_document_refuse(reading->document, item, "3, \"3-7,9\", \"udp port 53\", \"all\"",
					    "expected numbers of packets or a tcpdump filter");
	if (!copy_string(reading, item, &text))
		return false;
	if (strcmp(text, "all") != 0 && !parse_ranges(reading, text))
		return store_filter(reading, item, text);
	return true;
}

/* The number of a word among names[first .. n-1]. */
static bool store_word(struct reading *reading, const cJSON *item, const char *noun, const char *const *names, int first, int n,
		       int *value)
{
	const char *word, *nearest;
	struct text hint;

	if (!json_document_string(reading->document, item, &word))
		return false;
	for (int i = first; i < n; i++)
		if (strcmp(names[i], word) == 0) {
			*value = i;
			return true;
		}
	nearest = diag_nearest(word, names + first, (size_t)(n - first));
	text_init(&hint);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	json_document_refuse(reading->document, item, nearest ? text_string(&hint) : NULL, "unknown %s \"%s\"", noun, word);
	text_clear(&hint);
	return false;
}

static bool store_verdict(struct reading *reading, const cJSON *item)
{
	const char *names[VERDICT_COUNT];

	for (int i = 0; i < VERDICT_COUNT; i++)
		names[i] = verdict_name((enum verdict)i);
	return store_word(reading, item, "verdict", names, VERDICT_NONE + 1, VERDICT_COUNT, &reading->expectation->verdict);
}

static bool store_ctstate(struct reading *reading, const cJSON *item)
{
	const char *names[CTSTATE_COUNT];

	for (int i = 0; i < CTSTATE_COUNT; i++)
		names[i] = ctstate_name((enum ctstate)i);
	return store_word(reading, item, "ctstate", names, CTSTATE_NONE + 1, CTSTATE_COUNT, &reading->expectation->ctstate);
}

static bool store_direction(struct reading *reading, const cJSON *item)
{
	static const char *const names[] = { "original", "reply" };

	return store_word(reading, item, "direction", names, 0, 2, &reading->expectation->direction);
}

static bool store_rule(struct reading *reading, const cJSON *item)
{
	return copy_string(reading, item, &reading->expectation->rule);
}

/* A part of what is said; false: nothing is. */
static bool store_part(struct reading *reading, const cJSON *item, const char **part)
{
	if (cJSON_IsFalse(item)) {
		*part = "";
		return true;
	}
	return copy_string(reading, item, part);
}

static bool store_reason(struct reading *reading, const cJSON *item)
{
	return store_part(reading, item, &reading->expectation->reason);
}

static bool store_in(struct reading *reading, const cJSON *item)
{
	return store_part(reading, item, &reading->expectation->in);
}

static bool store_out(struct reading *reading, const cJSON *item)
{
	return store_part(reading, item, &reading->expectation->out);
}

static bool store_answer(struct reading *reading, const cJSON *item)
{
	return store_part(reading, item, &reading->expectation->answer);
}

static bool store_log(struct reading *reading, const cJSON *item)
{
	return store_part(reading, item, &reading->expectation->log);
}

static bool store_entry(struct reading *reading, const cJSON *item)
{
	if (cJSON_IsFalse(item)) {
		reading->expectation->wants_no_entry = true;
		return true;
	}
	reading->expectation->wants_entry = true;
	return split_words(reading, item, &reading->expectation->entry);
}

static bool store_sent(struct reading *reading, const cJSON *item)
{
	reading->expectation->wants_sent = true;
	return cJSON_IsFalse(item) || split_words(reading, item, &reading->expectation->sent);
}

static bool store_number(struct reading *reading, const cJSON *item, int64_t *number)
{
	uint32_t value;

	if (!json_document_number(reading->document, item, UINT32_MAX, &value))
		return false;
	*number = value;
	return true;
}

static bool store_count(struct reading *reading, const cJSON *item)
{
	return store_number(reading, item, &reading->expectation->count);
}

static bool store_entries(struct reading *reading, const cJSON *item)
{
	reading->expectation->kind = EXPECT_ENTRIES;
	return split_words(reading, item, &reading->expectation->entries);
}

static bool store_at(struct reading *reading, const cJSON *item)
{
	reading->expectation->when = WHEN_TIME;
	if (cJSON_IsString(item) && strcmp(item->valuestring, "end") == 0) {
		reading->expectation->when = WHEN_END;
		return true;
	}
	return read_seconds(reading, item, &reading->expectation->at_ns);
}

static bool store_after(struct reading *reading, const cJSON *item)
{
	int64_t number = 0;

	reading->expectation->when = WHEN_PACKET;
	if (!store_number(reading, item, &number) || number == 0)
		return json_document_refuse(reading->document, item, NULL, "expected the number of a packet");
	reading->expectation->after_packet = (uint64_t)number;
	return true;
}

static bool store_events(struct reading *reading, const cJSON *item)
{
	struct expectation *expectation = reading->expectation;
	bool is_ok = true;

	expectation->kind = EXPECT_EVENTS;
	if (!cJSON_IsArray(item))
		return json_document_refuse(reading->document, item, "[ \"[NEW] udp dport=53\", \"[DESTROY] udp\" ]",
					    "expected an array of words of `conntrack -E` lines");
	expectation->events =
		arena_alloc(&reading->suite->arena, ((size_t)cJSON_GetArraySize(item) + 1) * sizeof(*expectation->events));
	for (const cJSON *one = item->child; one; one = one->next)
		is_ok &= split_words(reading, one, &expectation->events[expectation->n_events++]);
	return is_ok;
}

static bool store_exact(struct reading *reading, const cJSON *item)
{
	return json_document_bool(reading->document, item, &reading->expectation->is_exact);
}

static bool store_counter(struct reading *reading, const cJSON *item)
{
	reading->expectation->kind = EXPECT_COUNTER;
	return copy_string(reading, item, &reading->expectation->rule);
}

/* "packets" of a counter is a number. */
static bool store_counted_packets(struct reading *reading, const cJSON *item)
{
	return store_number(reading, item, &reading->expectation->n_packets);
}

static bool store_bytes(struct reading *reading, const cJSON *item)
{
	return store_number(reading, item, &reading->expectation->n_bytes);
}

static bool store_golden(struct reading *reading, const cJSON *item)
{
	const char *path;

	reading->expectation->kind = EXPECT_GOLDEN;
	if (!copy_string(reading, item, &path))
		return false;
	reading->expectation->golden = suite_path(reading->suite, path);
	return true;
}

static bool store_because(struct reading *reading, const cJSON *item)
{
	return copy_string(reading, item, &reading->expectation->because);
}

enum {
	OF_PACKETS = 1 << EXPECT_PACKETS, OF_ENTRIES = 1 << EXPECT_ENTRIES, OF_EVENTS = 1 << EXPECT_EVENTS,
	OF_COUNTER = 1 << EXPECT_COUNTER, OF_GOLDEN = 1 << EXPECT_GOLDEN,
};

/* The key that says which kind it is comes first in each group. */
static const struct key {
	const char *name;
	uint32_t kinds;
	bool names_kind;
	store *store;
} keys[] = {
	{ "counter", OF_COUNTER, true, store_counter },
	{ "packets", OF_COUNTER, false, store_counted_packets },
	{ "bytes", OF_COUNTER, false, store_bytes },
	{ "entries", OF_ENTRIES, true, store_entries },
	{ "at", OF_ENTRIES, false, store_at },
	{ "after", OF_ENTRIES, false, store_after },
	{ "events", OF_EVENTS, true, store_events },
	{ "exactly", OF_EVENTS, false, store_exact },
	{ "golden", OF_GOLDEN, true, store_golden },
	{ "packets", OF_PACKETS, true, store_packets },
	{ "verdict", OF_PACKETS, false, store_verdict },
	{ "ctstate", OF_PACKETS, false, store_ctstate },
	{ "direction", OF_PACKETS, false, store_direction },
	{ "rule", OF_PACKETS, false, store_rule },
	{ "reason", OF_PACKETS, false, store_reason },
	{ "entry", OF_PACKETS, false, store_entry },
	{ "sent", OF_PACKETS, false, store_sent },
	{ "answer", OF_PACKETS, false, store_answer },
	{ "log", OF_PACKETS, false, store_log },
	{ "in", OF_PACKETS, false, store_in },
	{ "out", OF_PACKETS, false, store_out },
	{ "count", OF_PACKETS | OF_ENTRIES, false, store_count },
	{ "because", OF_PACKETS | OF_ENTRIES | OF_EVENTS | OF_COUNTER | OF_GOLDEN, false, store_because },
};

enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };

static_assert(N_KEYS <= 32, "a bit for each, in read_member()");

/* The first kind in the table's order whose key is there. */
static bool find_kind(struct reading *reading, const cJSON *object, uint32_t *kind)
{
	for (size_t i = 0; i < N_KEYS; i++)
		if (keys[i].names_kind && cJSON_HasObjectItem(object, keys[i].name)) {
			*kind = keys[i].kinds;
			return true;
		}
	return json_document_refuse(reading->document, object, NULL,
				    "an expectation has one of \"packets\", \"entries\", \"events\", \"counter\", \"golden\"");
}

/* `seen`: a bit for each key that was there before. */
static bool read_member(struct reading *reading, const cJSON *item, uint32_t kind, uint32_t *seen)
{
	const char *names[N_KEYS], *nearest;
	size_t n_names = 0;
	struct text hint;

	for (size_t i = 0; i < N_KEYS; i++) {
		if (!(keys[i].kinds & kind))
			continue;
		if (strcmp(keys[i].name, item->string) == 0) {
			if (*seen >> i & 1)
				return suite_refuse_twice(reading->document, item);
			*seen |= 1u << i;
			return keys[i].store(reading, item);
		}
		names[n_names++] = keys[i].name;
	}
	nearest = diag_nearest(item->string, names, n_names);
	text_init(&hint);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	diag_error(reading->document->diagnostics, json_document_key(reading->document, item),
		   nearest ? text_string(&hint) : NULL, "unknown key \"%s\" in an expectation of this kind", item->string);
	text_clear(&hint);
	return false;
}

static bool read_expectation(struct reading *reading, const cJSON *object)
{
	struct expectation *expectation = reading->expectation;
	struct source_place *place = &reading->suite->place;
	uint32_t kind = 0, seen = 0;
	bool is_ok = true;

	*expectation = (struct expectation){
		.kind = EXPECT_PACKETS, .where = json_document_value(reading->document, object), .verdict = -1, .ctstate = -1,
		.direction = -1, .count = -1, .n_packets = -1, .n_bytes = -1,
	};
	source_move(place, expectation->where.source, expectation->where.offset);
	expectation->line = place->line;
	if (!cJSON_IsObject(object))
		return json_document_refuse(reading->document, object, NULL, "expected an object: { ... }");
	if (!find_kind(reading, object, &kind))
		return false;
	for (const cJSON *item = object->child; item; item = item->next)
		is_ok &= read_member(reading, item, kind, &seen);
	return is_ok;
}

bool suite_parse_expectations(struct suite *suite, struct suite_case *suite_case, const struct json_document *document,
			      const cJSON *array)
{
	bool is_ok = true;

	if (!cJSON_IsArray(array))
		return json_document_refuse(document, array, "[ { \"packets\": 1, \"verdict\": \"ACCEPT\" } ]",
					    "expected an array of expectations, or the name of a file that holds one");
	suite_case->expectations =
		alloc_zeroed((size_t)cJSON_GetArraySize(array) + 1, sizeof(*suite_case->expectations));
	for (const cJSON *item = array->child; item && diag_has_room(document->diagnostics); item = item->next) {
		struct reading reading = {
			.suite = suite, .document = document, .expectation = &suite_case->expectations[suite_case->n_expectations++],
		};

		is_ok &= read_expectation(&reading, item);
	}
	return is_ok;
}
