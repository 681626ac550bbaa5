/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay test: do these rulesets still do what is expected of them? */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/alloc.h"
#include "base/system.h"
#include "cli/cli.h"
#include "cli/interrupt.h"
#include "cli/test_jobs.h"
#include "cli/test_plan.h"
#include "cli/wrap.h"
#include "replay/options.h"
#include "replay/rules_files.h"
#include "sink/output.h"
#include "suite/report.h"

/* pkgdatadir.inc: made by the build, where `make install` puts the schema. */
static const char about_suites[] =
	"\nSuites are JSON with // comments: docs/suites.md. Their schema, for editors:\n  "
#include "pkgdatadir.inc"
	"/suite.schema.json\n";

enum { WATCH_PAUSE_MS = 300, NS_PER_MS = 1000000 };

struct test_options {
	const char **words;		/* owned array; suites and folders, or results to merge */
	size_t n_words;
	const struct report_format *format;
	const char *filter, *results;
	enum ctreplay_recording recording;
	uint32_t n_jobs, shard, n_shards;
	bool stops_at_failure, merges, watches;
};

static bool store_word(void *target, const char *word, struct diagnostics *diagnostics)
{
	struct test_options *options = target;

	(void)diagnostics;
	options->words = alloc_resize(options->words, options->n_words + 1, sizeof(*options->words));
	options->words[options->n_words++] = word;
	return true;
}

static bool store_format(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct test_options *options = target;

	options->format = report_find(value);
	if (!options->format)
		diag_error_plain(diagnostics, "--format '%s': expected text, tap, junit or github", value);
	return options->format != NULL;
}

/* "K", up to `most`, and what stands behind it. */
static bool parse_count(const char *text, const char **end, uint32_t *number)
{
	char *stop;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &stop, 10);
	*end = stop;
	*number = (uint32_t)value;
	return *text >= '1' && *text <= '9' && !errno && value <= UINT32_MAX;
}

static bool store_jobs(void *target, const char *value, struct diagnostics *diagnostics)
{
	const char *end;

	if (parse_count(value, &end, &((struct test_options *)target)->n_jobs) && !*end)
		return true;
	diag_error_plain(diagnostics, "--jobs '%s': expected how many cases run side by side", value);
	return false;
}

static bool store_shard(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct test_options *options = target;
	const char *end;

	if (parse_count(value, &end, &options->shard) && *end == '/' && parse_count(end + 1, &end, &options->n_shards) && !*end &&
	    options->shard <= options->n_shards)
		return true;
	diag_error_plain(diagnostics, "--shard '%s': expected K/N: part K of N, the first is 1", value);
	return false;
}

static bool store_filter(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct test_options *)target)->filter = value;
	return true;
}

static bool store_results(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct test_options *)target)->results = value;
	return true;
}

static bool store_record(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct test_options *options = target;

	(void)value;
	(void)diagnostics;
	if (options->recording == CTREPLAY_JUDGE)
		options->recording = CTREPLAY_RECORD;
	return true;
}

static bool store_update(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct test_options *)target)->recording = CTREPLAY_UPDATE;
	return true;
}

static bool store_fail_fast(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct test_options *)target)->stops_at_failure = true;
	return true;
}

static bool store_merge(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct test_options *)target)->merges = true;
	return true;
}

static bool store_watch(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct test_options *)target)->watches = true;
	return true;
}

static const struct cli_option own_options[] = {
	{ "format", 0, "text|tap|junit|github", "how results are told (text)", store_format },
	{ "filter", 0, "WORDS", "only cases whose name, or suite's path, holds these words", store_filter },
	{ "jobs", 'j', "N", "so many cases side by side (1); the order of results stays", store_jobs },
	{ "fail-fast", 0, NULL, "stop at the first case that fails", store_fail_fast },
	{ "record", 0, NULL, "write expectations and goldens that are not there\n"
	  "They hold what the rules do today.",
	  store_record },
	{ "update", 0, NULL, "write those anew that are no longer true\n"
	  "What changes is shown.",
	  store_update },
	{ "watch", 0, NULL, "run again whenever a file that a case reads changes", store_watch },
	{ "shard", 0, "K/N", "part K of N parts of the run: every N-th case, from the K-th on", store_shard },
	{ "results", 0, "FILE", "write results as lines of JSON too, for --merge", store_results },
	{ "merge", 0, NULL, "the words are files of results: join the parts of a run", store_merge },
};

static const struct cli_option_table option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.store_word = store_word,
};

/* A run on its way. */
struct testing {
	const struct test_options *options;
	struct results results;
	struct output output;		/* of --results */
	bool has_output;
	struct text text;
	bool is_gone;			/* nobody reads standard output any more */
};

static void flush(struct testing *testing)
{
	/* The first format is for people. */
	bool is_for_people = testing->options->format == report_formats();

	if (testing->text.len && !testing->is_gone)
		testing->is_gone = (is_for_people ? wrap_to_terminal(&testing->text) : cli_print(&testing->text)) != EXIT_DONE;
	text_reset(&testing->text);
	if (testing->has_output)
		output_flush(&testing->output);
}

static void tell(void *owner, size_t index)
{
	struct testing *testing = owner;

	if (testing->options->format->add)
		testing->options->format->add(&testing->results, index, &testing->text);
	if (testing->has_output)
		results_print_case(&testing->results, index, &testing->output.buffer);
	flush(testing);
}

static void begin(struct testing *testing)
{
	if (testing->options->format->begin)
		testing->options->format->begin(&testing->results, &testing->text);
	if (testing->has_output)
		results_print_begin(&testing->results, &testing->output.buffer);
	flush(testing);
}

/* A part of a run is as good as its own cases; a whole one as all of them. */
static enum exit_code judge_results(const struct results *results)
{
	for (size_t i = 0; i < results->n_cases; i++)
		if (results_is_ours(results, i) && results->cases[i].status != CASE_PASSED)
			return EXIT_DIFFERENT;
	return EXIT_DONE;
}

static enum exit_code end(struct testing *testing)
{
	enum exit_code code = judge_results(&testing->results);
	struct text error;

	text_init(&error);
	testing->options->format->end(&testing->results, &testing->text);
	flush(testing);
	if (testing->has_output) {
		results_print_end(&testing->output.buffer);
		if (!output_close(&testing->output, true, &error)) {
			cli_complain("%s", text_string(&error));
			code = EXIT_SYSTEM;
		}
		output_clear(&testing->output);
	}
	text_clear(&error);
	return testing->is_gone ? EXIT_SYSTEM : code;
}

/* Lines are written as cases end, under the file's own name: a run that was killed leaves what it knew. */
static bool open_results(struct testing *testing)
{
	const char *path = testing->options->results;
	FILE *file;

	if (!path)
		return true;
	file = fopen(path, "we");
	if (!file) {
		cli_complain("--results %s: %s", path, strerror(errno));
		return false;
	}
	output_open_stream(&testing->output, file, path, true);
	testing->output.owns_file = true;
	testing->has_output = true;
	return true;
}

static enum exit_code run_plan(const struct test_options *options, const struct test_plan *plan)
{
	struct testing testing = { .options = options };
	struct test_jobs jobs = {
		.plan = plan, .recording = options->recording, .n_jobs = options->n_jobs, .stops_at_failure = options->stops_at_failure,
		.results = &testing.results, .tell = tell, .owner = &testing,
	};
	enum exit_code code = EXIT_SYSTEM;

	text_init(&testing.text);
	results_init(&testing.results, plan->n_items);
	testing.results.shard = options->shard;
	testing.results.n_shards = options->n_shards;
	testing.results.suites = test_plan_sum(plan);
	if (open_results(&testing)) {
		begin(&testing);
		interrupt_watch(NULL);
		if (!test_jobs_run(&jobs))
			cli_complain("a worker could not be started: %s", strerror(errno));
		code = end(&testing);
		interrupt_end();
		interrupt_obey();
	}
	results_clear(&testing.results);
	text_clear(&testing.text);
	return code;
}

static bool read_plan(const struct test_options *options, struct test_plan *plan)
{
	struct diagnostics diagnostics;
	struct text said;
	bool is_ok = true;

	text_init(&said);
	diag_init(&diagnostics);
	test_plan_init(plan);
	if (!options->n_words)
		diag_error_plain(&diagnostics, "no suite: name one, or a folder of suites");
	for (size_t i = 0; i < options->n_words; i++)
		is_ok &= test_plan_add(plan, options->words[i], &diagnostics);
	is_ok = is_ok && options->n_words && test_plan_read(plan, options->filter, &said);
	cli_report(&diagnostics);
	fputs(text_string(&said), stderr);
	diag_clear(&diagnostics);
	text_clear(&said);
	return is_ok;
}

static enum exit_code run_once(const struct test_options *options)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct test_plan plan;

	if (read_plan(options, &plan))
		code = run_plan(options, &plan);
	test_plan_clear(&plan);
	return code;
}

/* Changes whenever one of the files does, comes or goes. */
static uint64_t sum_file(uint64_t sum, const char *path)
{
	struct timespec changed;
	struct stat status;

	if (stat(path, &status) < 0)
		memset(&status, 0, sizeof(status));
	changed = system_change_time(&status);
	sum = sum * 31 + (uint64_t)changed.tv_sec;
	sum = sum * 31 + (uint64_t)changed.tv_nsec;
	return sum * 31 + (uint64_t)status.st_size;
}

static uint64_t sum_files(const struct test_options *options)
{
	struct diagnostics diagnostics;
	struct test_plan plan;
	struct text ignored;
	uint64_t sum = 0;

	text_init(&ignored);
	diag_init(&diagnostics);
	test_plan_init(&plan);
	for (size_t i = 0; i < options->n_words; i++)
		test_plan_add(&plan, options->words[i], &diagnostics);
	test_plan_read(&plan, NULL, &ignored);
	for (size_t i = 0; i < plan.n_paths; i++)
		sum = sum_file(sum, plan.paths[i]);
	for (size_t i = 0; i < plan.n_items; i++)
		for (size_t k = 0; k < plan.items[i].suite_case->n_files; k++)
			sum = sum_file(sum, plan.items[i].suite_case->files[k]);
	test_plan_clear(&plan);
	diag_clear(&diagnostics);
	text_clear(&ignored);
	return sum;
}

/* Ends with Control-C. */
_Noreturn static void watch(const struct test_options *options)
{
	static const struct timespec pause = { .tv_nsec = WATCH_PAUSE_MS * (long)NS_PER_MS };

	for (;;) {
		uint64_t sum = sum_files(options);

		run_once(options);
		while (sum_files(options) == sum)
			nanosleep(&pause, NULL);
		printf("\n");
	}
}

static enum exit_code merge(const struct test_options *options)
{
	struct testing testing = { .options = options };
	enum exit_code code = EXIT_BAD_INPUT;
	struct diagnostics diagnostics;
	struct source source;
	size_t n_read = 0;

	diag_init(&diagnostics);
	text_init(&testing.text);
	if (!options->n_words)
		diag_error_plain(&diagnostics, "no results: name the files that --results wrote");
	for (size_t i = 0; i < options->n_words; i++) {
		if (!rules_files_read(options->words[i], &source, &diagnostics))
			continue;
		n_read += results_merge(&testing.results, &source, n_read == 0, &diagnostics);
		cli_report(&diagnostics);	/* while the source is there */
		code = diagnostics.n_errors ? EXIT_BAD_INPUT : EXIT_DONE;
		diag_clear(&diagnostics);
		source_clear(&source);
		if (code != EXIT_DONE)
			break;
	}
	if (diagnostics.n_errors)
		code = cli_report(&diagnostics);
	if (code == EXIT_DONE) {
		testing.results.shard = testing.results.n_shards = 1;
		begin(&testing);
		for (size_t i = 0; i < testing.results.n_cases; i++)
			tell(&testing, i);
		code = end(&testing);
	}
	results_clear(&testing.results);
	text_clear(&testing.text);
	diag_clear(&diagnostics);
	return code;
}

static enum exit_code print_help(const struct command *command)
{
	enum exit_code code = cli_print_help(command);
	struct text about;

	if (code != EXIT_DONE)
		return code;
	text_init(&about);
	text_append(&about, about_suites);
	code = cli_print(&about);
	text_clear(&about);
	return code;
}

static enum exit_code run_test(const struct command *command, int argc, char **argv)
{
	struct test_options options = { .format = report_formats(), .n_jobs = 1, .shard = 1, .n_shards = 1 };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = print_help(command);
	else if (options.merges)
		code = merge(&options);
	else if (options.watches)
		watch(&options);
	else
		code = run_once(&options);
	diag_clear(&diagnostics);
	free(options.words);
	return code;
}

const struct command command_test = {
	.name = "test",
	.synopsis = "SUITE...",
	.summary = "do these rulesets still do what is expected of them",
	.options = &option_table,
	.run = run_test,
};
