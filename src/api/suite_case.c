/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "api/suite_case.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"
#include "replay/options.h"
#include "suite/judge.h"
#include "suite/record.h"

enum { MOST_ASKED_WHY = 2, MOST_CHANGED = 12, AT_ONCE = 65536 };

/* A case's replay, and what was said of its options. */
struct trial { struct ctreplay *replay; struct text said; };

static void trial_init(struct trial *trial)
{
	trial->replay = ctreplay_create();
	text_init(&trial->said);
}

static void trial_clear(struct trial *trial)
{
	ctreplay_destroy(trial->replay);
	text_clear(&trial->said);
}

/* What the last call had to say is said in its turn. */
static bool take(struct trial *trial, bool is_ok)
{
	text_append(&trial->said, ctreplay_message_text(trial->replay));
	return is_ok;
}

static bool set_option(void *target, const char *name, const char *value, struct diagnostics *diagnostics)
{
	struct trial *trial = target;

	(void)diagnostics;
	return take(trial, ctreplay_set(trial->replay, name, value));
}

static bool add_rules(void *target, const char *word, struct diagnostics *diagnostics)
{
	return set_option(target, "rules", word, diagnostics);
}

/* A case's arguments are those of `ctreplay run`. */
static const struct cli_option_table case_options = {
	.inherited = &run_option_table,
	.store_word = add_rules,
	.store_inherited = set_option,
};

/* Without the newline at their end. */
static void append_lines(const struct text *lines, struct text *words)
{
	size_t len = lines->len;

	while (len && lines->bytes[len - 1] == '\n')
		len--;
	text_append_bytes(words, text_string(lines), len);
}

static void say_diagnostics(const struct diagnostics *diagnostics, struct text *words)
{
	struct text said;

	text_init(&said);
	diag_print(diagnostics, &said);
	append_lines(&said, words);
	text_clear(&said);
}

/* The table is listed where expectations look at it. */
static bool add_snapshots(struct trial *trial, const struct suite_case *suite_case)
{
	struct text value;
	bool is_ok = true;
	size_t at = 0;

	text_init(&value);
	while (is_ok && judge_snapshot(suite_case, &at, &value)) {
		is_ok = set_option(trial, "snapshot", text_string(&value), NULL);
		text_reset(&value);
	}
	text_clear(&value);
	return is_ok;
}

/* A replay of the case: its arguments as `ctreplay run` reads them, without what is shown of it. False: `words` says why it cannot be. */
static bool open_case(struct trial *trial, const struct suite_case *suite_case, struct text *words)
{
	const char **argv = alloc_zeroed(suite_case->n_arguments + 1, sizeof(*argv));
	struct diagnostics diagnostics;
	bool is_ok, wants_help;

	argv[0] = "run";
	for (size_t i = 0; i < suite_case->n_arguments; i++)
		argv[i + 1] = suite_case->arguments[i];
	diag_init(&diagnostics);
	is_ok = cli_options_parse(&case_options, (int)suite_case->n_arguments + 1, (char **)(uintptr_t)argv, trial, &wants_help, &diagnostics) &&
		set_option(trial, "zero", NULL, NULL) && add_snapshots(trial, suite_case) && take(trial, ctreplay_open(trial->replay));
	if (!is_ok) {
		append_lines(&trial->said, words);
		say_diagnostics(&diagnostics, words);
	}
	text_reset(&trial->said);
	diag_clear(&diagnostics);
	free(argv);
	return is_ok;
}

/* A ctreplay_write, into a text. */
static bool gather(void *text, const char *bytes, size_t len)
{
	text_append_bytes(text, bytes, len);
	return true;
}

/* What `ctreplay explain --why-not` says of the packet, from "why not" on. */
static void add_why_not(const struct suite_case *suite_case, const struct judge_failure *failure, struct text *words)
{
	struct text said, ignored;
	struct trial trial;
	char number[24];
	const char *why;

	text_init(&ignored);
	text_init(&said);
	trial_init(&trial);
	snprintf(number, sizeof(number), "%" PRIu64, failure->packet);
	if (ctreplay_set(trial.replay, "packet", number) && ctreplay_set(trial.replay, "why-not", failure->wanted_verdict) &&
	    ctreplay_output(trial.replay, "explain,why-not,brief", gather, &said) && open_case(&trial, suite_case, &ignored)) {
		ctreplay_run(trial.replay, failure->packet);
		ctreplay_finish(trial.replay);
		why = strstr(text_string(&said), "  why not ");
		if (why)
			text_printf(words, "\n%.*s", (int)(strlen(why) - (why[strlen(why) - 1] == '\n')), why);
	}
	trial_clear(&trial);
	text_clear(&said);
	text_clear(&ignored);
}

/* Packets often fail for the same reason: that is told once. */
struct asked { size_t n; uint64_t packet; struct text why; };

static void say_why_not(const struct suite_case *suite_case, const struct judge_failure *failure, struct asked *asked,
			struct text *words)
{
	struct text why;

	if (!failure->wanted_verdict || asked->n++ >= MOST_ASKED_WHY)
		return;
	text_init(&why);
	add_why_not(suite_case, failure, &why);
	/* A line by itself, behind the newline that begins it, is shorter than what would stand for it. */
	if (why.len && strchr(text_string(&why) + 1, '\n') && strcmp(text_string(&why), text_string(&asked->why)) == 0) {
		text_printf(words, "\n  why not %s? the same as for packet %" PRIu64, failure->wanted_verdict, asked->packet);
	} else {
		text_append(words, text_string(&why));
		text_reset(&asked->why);
		text_append(&asked->why, text_string(&why));
		asked->packet = failure->packet;
	}
	text_clear(&why);
}

/* What an expectation is there for is told first; what became of it stands below it, and the details below that. */
static void add_below(const char *lines, bool has_head, struct text *words)
{
	for (bool is_first = true; *lines; is_first = false) {
		size_t len = strcspn(lines, "\n");

		text_append(words, words->len ? "\n" : "");
		text_append(words, has_head ? "  " : "");
		text_append(words, is_first || *lines == ' ' ? "" : "  ");
		text_append_bytes(words, lines, len);
		lines += len + (lines[len] == '\n');
	}
}

static void say_failures(const struct judge *judge, const struct suite_case *suite_case, struct text *words)
{
	const struct expectation *told = NULL;
	struct asked asked = { .n = 0 };
	struct text said;

	text_init(&said);
	text_init(&asked.why);
	for (size_t i = 0; i < judge->n_failures; i++) {
		const struct judge_failure *failure = &judge->failures[i];
		const struct expectation *expectation = failure->expectation;

		if (told != expectation && expectation->because)
			text_printf(words, "%s%s", words->len ? "\n" : "", expectation->because);
		told = expectation;
		text_reset(&said);
		text_printf(&said, "%s:%u: %s", expectation->where.source->name, (unsigned)expectation->line,
			    text_string(&failure->words));
		say_why_not(suite_case, failure, &asked, &said);
		add_below(text_string(&said), expectation->because != NULL, words);
	}
	text_clear(&said);
	text_clear(&asked.why);
}

static bool is_there(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file)
		fclose(file);
	return file != NULL;
}

static bool write_file(const char *path, const struct text *content, struct text *words)
{
	struct output output;
	struct text error;
	bool is_ok;

	text_init(&error);
	is_ok = output_open_file(&output, path, &error);
	if (is_ok) {
		text_append_bytes(&output.buffer, text_string(content), content->len);
		is_ok = output_close(&output, true, &error);
		output_clear(&output);
	}
	text_printf(words, "%s%s%s", words->len ? "\n" : "", is_ok ? "written: " : "", is_ok ? path : text_string(&error));
	text_clear(&error);
	return is_ok;
}

static bool has_line(const char *text, const char *line, size_t len)
{
	for (const char *at = text; *at;) {
		size_t its_len = strcspn(at, "\n");

		if (its_len == len && memcmp(at, line, len) == 0)
			return true;
		at += its_len + (at[its_len] == '\n');
	}
	return false;
}

/* Lines of one that the other does not have. */
static void say_lines(const char *mark, const char *text, const char *other, struct text *words)
{
	size_t n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (!has_line(other, text, len) && n++ < MOST_CHANGED)
			text_printf(words, "\n%s %.*s", mark, (int)len, text);
		text += len + (text[len] == '\n');
	}
	if (n > MOST_CHANGED)
		text_printf(words, "\n%s and %zu more lines", mark, n - MOST_CHANGED);
}

/* Writes a file when it is missing, or, when updating, no longer true. True unless that failed. */
static bool keep_file(const char *path, const struct text *content, enum ctreplay_recording recording, struct text *words)
{
	struct diagnostics diagnostics;
	struct source source;
	bool is_same, is_read;

	if (!is_there(path))
		return write_file(path, content, words);
	if (recording != CTREPLAY_UPDATE)
		return true;
	diag_init(&diagnostics);
	is_read = rules_files_read(path, &source, &diagnostics);
	is_same = is_read && strcmp(source.text, text_string(content)) == 0;
	if (is_read && !is_same) {
		text_printf(words, "%s%s changes:", words->len ? "\n" : "", path);
		say_lines("-", source.text, text_string(content), words);
		say_lines("+", text_string(content), source.text, words);
	}
	if (is_read)
		source_clear(&source);
	diag_clear(&diagnostics);
	return is_same || write_file(path, content, words);
}

static bool keep_all(const struct suite_case *suite_case, const struct record *record, const struct judge *judge,
		     enum ctreplay_recording recording, struct text *words)
{
	struct text content;
	bool is_ok = true;

	text_init(&content);
	record_print(record, &content);
	if (suite_case->expect_file)
		is_ok = keep_file(suite_case->expect_file, &content, recording, words);
	for (size_t i = 0; i < suite_case->n_expectations; i++)
		if (suite_case->expectations[i].golden)
			is_ok &= keep_file(suite_case->expectations[i].golden, judge_golden(judge), recording, words);
	text_clear(&content);
	return is_ok;
}

/* A case that expects nothing proves nothing. */
static bool expects_something(const struct suite_case *suite_case, enum ctreplay_recording recording, struct text *words)
{
	if (suite_case->n_expectations)
		return true;
	if (suite_case->expect_file && recording != CTREPLAY_JUDGE)
		return true;
	if (suite_case->expect_file)
		text_printf(words, "%s is not there; --record writes it", suite_case->expect_file);
	else
		text_append(words, "nothing is expected: \"expect\" is missing or empty");
	return false;
}

static enum case_status say_verdict(const struct judge *judge, const struct suite_case *suite_case, struct text *words)
{
	if (!suite_case->must_fail) {
		say_failures(judge, suite_case, words);
		return judge->n_failures ? CASE_FAILED : CASE_PASSED;
	}
	if (judge->n_failures)
		return CASE_PASSED;
	text_append(words, "every expectation is met, but this case must fail: one is missing that it does not meet");
	return CASE_FAILED;
}

static void listen(struct ctreplay *replay, uint32_t kinds, stream_listener *listener, void *owner)
{
	bool is_heard = stream_add(&replay->replay.stream, kinds, listener, owner);

	assert(is_heard);	/* outputs leave room for it */
	replay->has_listeners = true;
}

/* To the end of the capture. False: the watcher has had enough. */
static bool run_to_end(struct ctreplay *replay, const struct suite_watcher *watcher)
{
	uint64_t n = 0;

	while (ctreplay_run(replay, AT_ONCE) == CTREPLAY_PACKET) {
		n += AT_ONCE;
		if (watcher->go_on && !watcher->go_on(watcher->owner, n))
			return false;
	}
	return true;
}

/* Replays the opened case for its judge, and for `record` unless it is NULL. */
static bool replay_case(struct ctreplay *replay, struct judge *judge, struct record *record, const struct suite_watcher *watcher,
			struct text *words)
{
	listen(replay, judge_kinds(judge), judge_hear, judge);
	if (record)
		listen(replay, RECORD_KINDS, record_hear, record);
	if (!run_to_end(replay, watcher)) {
		text_append(words, "interrupted");
		return false;
	}
	if (ctreplay_finish(replay))
		return true;
	text_append(words, "the capture could not be read to its end");
	for (size_t i = 0; i < replay->messages.n_messages; i++)
		text_printf(words, "\n%s", replay->messages.messages[i].text);
	return false;
}

static enum case_status judge_case(const struct suite *suite, const struct suite_case *suite_case, enum ctreplay_recording recording,
				   struct trial *trial, const struct suite_watcher *watcher, struct text *words)
{
	enum case_status status = CASE_BROKEN;
	struct diagnostics diagnostics;
	struct record record;
	struct judge judge;

	diag_init(&diagnostics);
	record_init(&record);
	if (!judge_open(&judge, suite_case, suite->folder, trial->replay->replay.scene.capture.source->link_type, &diagnostics)) {
		say_diagnostics(&diagnostics, words);
	} else if (replay_case(trial->replay, &judge, recording == CTREPLAY_JUDGE ? NULL : &record, watcher, words)) {
		judge_finish(&judge, rules_files_read);
		if (recording == CTREPLAY_JUDGE)
			status = say_verdict(&judge, suite_case, words);
		else
			status = keep_all(suite_case, &record, &judge, recording, words) ? CASE_PASSED : CASE_BROKEN;
	}
	judge_close(&judge);
	record_clear(&record);
	diag_clear(&diagnostics);
	return status;
}

enum case_status suite_case_run(const struct suite *suite, const struct suite_case *suite_case, enum ctreplay_recording recording,
				const struct suite_watcher *watcher, struct text *words)
{
	enum case_status status = CASE_BROKEN;
	struct trial trial;

	/* What must fail is no behaviour to record. */
	if (suite_case->must_fail)
		recording = CTREPLAY_JUDGE;
	if (!expects_something(suite_case, recording, words))
		return CASE_BROKEN;
	trial_init(&trial);
	if (open_case(&trial, suite_case, words))
		status = judge_case(suite, suite_case, recording, &trial, watcher, words);
	trial_clear(&trial);
	return status;
}
