/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/remote.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cli.h"

enum { MOST_HAZARDS = 16, EXIT_NOT_RUN = 127 };

#define MOST_NUMBER 9e15	/* that a double holds exactly */

struct remote {
	pid_t child;
	FILE *answers;			/* its standard output */
	char *line;			/* owned; getline()'s */
	size_t capacity;
	cJSON *answer;			/* owned: the line at hand */
	bool is_unread;			/* it is to be read again */
	struct text kernel;
	const char *hazard;
	char *hazards[MOST_HAZARDS];	/* owned: the words that were used, each once */
	size_t n_hazards;
};

/* Options that say how to compare, and not what the kernel is to be asked. */
static bool is_of_comparison(const char *argument, bool *has_value)
{
	*has_value = strcmp(argument, "--kernel-command") == 0;
	return *has_value || strncmp(argument, "--kernel-command=", 17) == 0 || strcmp(argument, "--json") == 0 ||
	       strcmp(argument, "--all") == 0;
}

/* "sh -c 'COMMAND "$@"' sh ctreplay verify --kernel-only --json ARGUMENTS". Owned by the caller, strings borrowed. */
static char **make_arguments(const char *line, int argc, char *const *argv)
{
	static const char *const own[] = { "--kernel-only", "--json" };
	char **arguments = alloc_zeroed((size_t)argc + 10, sizeof(*arguments));
	size_t n = 0;
	bool has_value;

	arguments[n++] = "sh";
	arguments[n++] = "-c";
	arguments[n++] = (char *)line;
	arguments[n++] = "sh";
	arguments[n++] = (char *)cli_program();
	arguments[n++] = argv[0];
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		arguments[n++] = (char *)own[i];
	for (int i = 1; i < argc; i++) {
		if (!is_of_comparison(argv[i], &has_value))
			arguments[n++] = argv[i];
		else
			i += has_value;
	}
	return arguments;
}

static bool start(struct remote *remote, const char *command, int argc, char *const *argv, struct text *error)
{
	char **arguments;
	struct text line;
	int ends[2];

	if (pipe(ends) < 0) {
		text_printf(error, "no pipe: %s", strerror(errno));
		return false;
	}
	text_init(&line);
	text_printf(&line, "%s \"$@\"", command);
	arguments = make_arguments(text_string(&line), argc, argv);
	remote->child = fork();
	if (remote->child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(arguments[0], arguments);
		_exit(EXIT_NOT_RUN);
	}
	close(ends[1]);
	free(arguments);
	text_clear(&line);
	if (remote->child < 0) {
		text_printf(error, "no process: %s", strerror(errno));
		close(ends[0]);
		return false;
	}
	remote->answers = fdopen(ends[0], "r");
	return remote->answers != NULL;
}

static bool complain(struct text *error, const char *what)
{
	text_printf(error, "--kernel-command: %s", what);
	return false;
}

static const cJSON *member(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

static const char *string_of(const cJSON *object, const char *key)
{
	const cJSON *item = member(object, key);

	return cJSON_IsString(item) ? item->valuestring : "";
}

static uint64_t as_number(const cJSON *item)
{
	return cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble < MOST_NUMBER ? (uint64_t)item->valuedouble : 0;
}

static uint64_t number_of(const cJSON *object, const char *key)
{
	return as_number(member(object, key));
}

/* The next line. False when there is none, or it is no JSON object. */
static bool read_line(struct remote *remote, struct text *error)
{
	if (remote->is_unread) {
		remote->is_unread = false;
		return true;
	}
	cJSON_Delete(remote->answer);
	remote->answer = NULL;
	if (getline(&remote->line, &remote->capacity, remote->answers) < 0)
		return complain(error, "its answers ended too soon");
	remote->answer = cJSON_Parse(remote->line);
	if (!cJSON_IsObject(remote->answer)) {
		text_printf(error, "--kernel-command: this is no answer: %.60s", remote->line);
		return false;
	}
	return true;
}

static bool is_of_kind(const struct remote *remote, const char *kind)
{
	return strcmp(string_of(remote->answer, "kind"), kind) == 0;
}

struct remote *remote_open(const char *command, int argc, char *const *argv, struct text *error)
{
	struct remote *remote = alloc_zeroed(1, sizeof(*remote));

	text_init(&remote->kernel);
	if (!start(remote, command, argc, argv, error) || !read_line(remote, error) ||
	    (!is_of_kind(remote, "kernel") && !complain(error, "it does not say which kernel answers"))) {
		remote_close(remote);
		return NULL;
	}
	text_append(&remote->kernel, string_of(remote->answer, "kernel"));
	return remote;
}

void remote_close(struct remote *remote)
{
	if (!remote)
		return;
	if (remote->answers)
		fclose(remote->answers);
	if (remote->child > 0)
		waitpid(remote->child, NULL, 0);
	for (size_t i = 0; i < remote->n_hazards; i++)
		free(remote->hazards[i]);
	cJSON_Delete(remote->answer);
	free(remote->line);
	text_clear(&remote->kernel);
	free(remote);
}

const char *remote_kernel(const struct remote *remote)
{
	return text_string(&remote->kernel);
}

const char *remote_hazard(const struct remote *remote)
{
	return remote->hazard;
}

/* The words as a string that lives as long as the remote; NULL for none. */
static const char *keep_hazard(struct remote *remote, const char *words)
{
	if (!*words)
		return NULL;
	for (size_t i = 0; i < remote->n_hazards; i++)
		if (strcmp(remote->hazards[i], words) == 0)
			return remote->hazards[i];
	if (remote->n_hazards == MOST_HAZARDS)
		return remote->hazards[MOST_HAZARDS - 1];
	return remote->hazards[remote->n_hazards++] = alloc_copy(words, strlen(words));
}

static void take_answer(struct remote *remote, struct account *account)
{
	const cJSON *told = member(remote->answer, "facts"), *item;

	for (int fact = 0; fact < FACT_COUNT; fact++)
		if (fact != FACT_EXPECTATIONS)
			text_append(&account->facts[fact], string_of(told, account_fact_name((enum fact)fact)));
	if (*string_of(told, account_fact_name(FACT_EXPECTATIONS)))
		account_lines_add(&account->expectations, 0, string_of(told, account_fact_name(FACT_EXPECTATIONS)));
	cJSON_ArrayForEach(item, member(remote->answer, "rules"))
		account_lines_add(&account->rules, 0, cJSON_IsString(item) ? item->valuestring : "");
	cJSON_ArrayForEach(item, member(remote->answer, "events"))
		account_lines_add(&account->events, number_of(item, "entry"), string_of(item, "line"));
	text_append(&account->story, string_of(remote->answer, "story"));
	account->entry = number_of(remote->answer, "entry");
	cJSON_ArrayForEach(item, member(remote->answer, "touched"))
		account_touch(account, as_number(item));
	cJSON_ArrayForEach(item, member(remote->answer, "masters"))
		account_touch_master(account, as_number(item));
	remote->hazard = keep_hazard(remote, string_of(remote->answer, "not_comparable"));
}

bool remote_packet(struct remote *remote, uint64_t packet, struct account *account, struct text *error)
{
	if (!read_line(remote, error))
		return false;
	if (!is_of_kind(remote, "answer") || number_of(remote->answer, "packet") != packet)
		return complain(error, "it answers about other packets: are the files there the same?");
	take_answer(remote, account);
	return true;
}

bool remote_list(struct remote *remote, const char *label, struct compare *compare, struct text *error)
{
	if (!read_line(remote, error))
		return false;
	if (!is_of_kind(remote, "snapshot") || strcmp(string_of(remote->answer, "label"), label) != 0)
		return complain(error, "it lists its table at another time");
	while (read_line(remote, error)) {
		if (is_of_kind(remote, "row")) {
			account_lines_add(&compare->rows[SIDE_KERNEL], number_of(remote->answer, "entry"), string_of(remote->answer, "line"));
		} else if (is_of_kind(remote, "set")) {
			compare_take_set_line(compare, SIDE_KERNEL, string_of(remote->answer, "line"));
		} else {
			remote->is_unread = true;
			return true;
		}
	}
	return false;
}

static void take_counter(const cJSON *answer, struct tables_counters *counters)
{
	struct tables_counter counter = {
		.family = strcmp(string_of(answer, "family"), "ipv6") == 0 ? FAMILY_IPV6 : FAMILY_IPV4,
		.number = (uint32_t)number_of(answer, "rule"),
		.n_packets = number_of(answer, "packets"),
		.n_bytes = number_of(answer, "bytes"),
	};

	snprintf(counter.table, sizeof(counter.table), "%s", string_of(answer, "table"));
	snprintf(counter.chain, sizeof(counter.chain), "%s", string_of(answer, "chain"));
	tables_add_counter(counters, &counter);
}

bool remote_read_counters(struct remote *remote, struct tables_counters *counters, struct text *error)
{
	memset(counters, 0, sizeof(*counters));
	while (read_line(remote, error)) {
		if (!is_of_kind(remote, "counter")) {
			remote->is_unread = true;
			return true;
		}
		take_counter(remote->answer, counters);
	}
	return false;
}

bool remote_end(struct remote *remote, struct text *error)
{
	return read_line(remote, error) && (is_of_kind(remote, "end") || complain(error, "it answers about more packets: are the files there the same?"));
}
