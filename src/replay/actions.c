/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/actions.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "replay/rules_files.h"
#include "replay/run_options.h"
#include "rules/lex.h"

enum { FIRST_WORD = 1 };	/* behind the time */

/* One line at work. */
struct line {
	struct actions_file *file;
	const struct lex_words *words;
	const struct ruleset_options *rules;
	const struct ruleset *loaded;	/* before it */
	struct operator_action *action;
	struct diagnostics *diagnostics;
};

void actions_file_init(struct actions_file *file)
{
	*file = (struct actions_file){ .n_actions = 0 };
	arena_init(&file->arena);
	map_init(&file->rules[0]);
	map_init(&file->rules[1]);
}

void actions_file_clear(struct actions_file *file)
{
	for (struct actions_rules *rules = file->newest, *older; rules; rules = older) {
		older = rules->older;
		ruleset_destroy(rules->loaded);
		if (!rules->borrows_file)
			ruleset_destroy(rules->file);
		source_clear(&rules->source);
		free(rules);
	}
	map_clear(&file->rules[0]);
	map_clear(&file->rules[1]);
	free(file->actions);
	source_clear(&file->source);
	arena_clear(&file->arena);
}

static bool refuse(const struct line *line, size_t word, const char *hint, const char *what)
{
	struct source_range where = word < line->words->n_words ? line->words->words[word].where : line->words->where;

	diag_error(line->diagnostics, where, hint, "%s", what);
	return false;
}

static const char *word_at(const struct line *line, size_t index)
{
	return index < line->words->n_words ? line->words->words[index].text : "";
}

/* A file that many lines name is loaded once. */
static bool load_file(struct line *line, const char *path, enum family family, struct actions_rules *rules)
{
	struct ruleset_input input = { .family = family, .source = &rules->source };
	struct map *known = &line->file->rules[family == FAMILY_IPV6];
	const struct actions_rules *reader = map_find(known, path);

	if (reader) {
		rules->file = reader->file;
		rules->borrows_file = true;
		return true;
	}
	if (!rules_files_read(path, &rules->source, line->diagnostics))
		return false;
	rules->file = ruleset_load(&input, 1, line->rules, line->diagnostics);
	if (rules->file)
		map_add(known, arena_copy_string(&line->file->arena, path), rules);
	return rules->file != NULL;
}

/* iptables-restore [-c] FILE: what another tool made of FILE counts as well. */
static bool parse_reload(struct line *line, enum family family)
{
	struct actions_rules *rules;
	size_t at = FIRST_WORD + 1;

	if (strcmp(word_at(line, at), "-c") == 0 || strcmp(word_at(line, at), "--counters") == 0) {
		line->action->keeps_counters = true;
		at++;
	}
	if (*word_at(line, at) == '-')
		return refuse(line, at, "-c is taken, and the name of a file", "an option of iptables-restore that is not simulated");
	if (line->words->n_words != at + 1)
		return refuse(line, at + 1, "iptables-restore FILE", "one file of rules is needed");
	rules = alloc_zeroed(1, sizeof(*rules));
	rules->older = line->file->newest;
	line->file->newest = rules;
	if (!load_file(line, word_at(line, at), family, rules))
		return false;
	rules->loaded = ruleset_overlay(line->loaded, rules->file);
	line->action->kind = OPERATOR_RELOAD;
	line->action->ruleset = rules->loaded;
	return true;
}

static bool parse_restore(struct line *line)
{
	return parse_reload(line, FAMILY_IPV4);
}

static bool parse_restore6(struct line *line)
{
	return parse_reload(line, FAMILY_IPV6);
}

/* ip link set [dev] NAME up|down */
static bool parse_link(struct line *line)
{
	size_t at = FIRST_WORD + 3;
	const char *state;

	if (strcmp(word_at(line, FIRST_WORD + 1), "link") != 0 || strcmp(word_at(line, FIRST_WORD + 2), "set") != 0)
		return refuse(line, FIRST_WORD + 1, "ip link set NAME down", "of ip, `link set` is simulated");
	if (strcmp(word_at(line, at), "dev") == 0)
		at++;
	state = word_at(line, at + 1);
	if (line->words->n_words != at + 2 || (strcmp(state, "up") != 0 && strcmp(state, "down") != 0))
		return refuse(line, at + 1, "ip link set NAME down", "up or down is needed");
	line->action->kind = OPERATOR_LINK;
	line->action->interface = word_at(line, at);
	line->action->is_up = strcmp(state, "up") == 0;
	return true;
}

/* sysctl [-w] NAME=VALUE */
static bool parse_sysctl(struct line *line)
{
	size_t at = FIRST_WORD + 1 + (strcmp(word_at(line, FIRST_WORD + 1), "-w") == 0);
	const char *word = word_at(line, at), *equals = strchr(word, '=');
	struct conntrack_settings settings;
	const char *end;
	char *name;

	if (!equals || line->words->n_words != at + 1)
		return refuse(line, at, "sysctl -w NAME=VALUE", "a setting and its value are needed");
	name = arena_copy(&line->file->arena, word, (size_t)(equals - word));
	line->action->kind = OPERATOR_SYSCTL;
	line->action->sysctl = settings_find(name);
	if (!line->action->sysctl)
		return refuse(line, at, "`ctreplay list sysctls` lists those of connection tracking",
			      "not a setting that can change on the way");
	settings_init(&settings);
	line->action->value = (uint32_t)strtoul(equals + 1, (char **)&end, 10);
	if (end == equals + 1 || *end || !settings_apply(&settings, line->action->sysctl, line->action->value))
		return refuse(line, at, NULL, "the value is out of range");
	return true;
}

static bool parse_conntrack(struct line *line)
{
	return actions_parse_conntrack(line->words, FIRST_WORD + 1, line->action, line->diagnostics);
}

static const struct command_word {
	const char *name;
	bool (*parse)(struct line *line);
} commands[] = {
	{ "conntrack", parse_conntrack },
	{ "iptables-restore", parse_restore }, { "iptables-legacy-restore", parse_restore },
	{ "ip6tables-restore", parse_restore6 }, { "ip6tables-legacy-restore", parse_restore6 },
	{ "ip", parse_link },
	{ "sysctl", parse_sysctl },
};

enum { N_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static bool parse_command(struct line *line)
{
	const char *names[N_COMMANDS], *name = word_at(line, FIRST_WORD), *nearest;
	struct text hint;

	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].parse(line);
		names[i] = commands[i].name;
	}
	nearest = diag_nearest(name, names, N_COMMANDS);
	text_init(&hint);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	else
		text_append(&hint, "there are conntrack, iptables-restore, ip6tables-restore, ip link set, sysctl");
	refuse(line, FIRST_WORD, text_string(&hint), "not a command that is simulated");
	text_clear(&hint);
	return false;
}

/* The line as it was written, behind its time. */
static const char *text_of(struct actions_file *file, const struct lex_words *words)
{
	const struct source_range *last = &words->words[words->n_words - 1].where;
	uint32_t from = words->words[FIRST_WORD].where.offset, to = last->offset + last->len;

	return arena_copy(&file->arena, file->source.text + from, to - from);
}

static bool parse_line(struct line *line)
{
	struct actions_file *file = line->file;
	struct operator_action action = { .file = file->source.name, .line = line->words->line };

	if (!run_options_parse_time(word_at(line, 0), &action.time))
		return refuse(line, 0, "12.5 conntrack -F", "a line begins with a time in seconds");
	if (vtime_is_before(action.time, file->latest))
		return refuse(line, 0, NULL, "the time lies before that of the line above");
	file->latest = action.time;
	if (line->words->n_words == FIRST_WORD)
		return refuse(line, FIRST_WORD, "12.5 conntrack -F", "a command is missing");
	line->action = &action;
	action.text = text_of(file, line->words);
	if (!parse_command(line))
		return false;
	file->actions = alloc_resize(file->actions, file->n_actions + 1, sizeof(*file->actions));
	file->actions[file->n_actions++] = action;
	return true;
}

/* False when nothing is left. */
static bool cut_comment(struct lex_words *words)
{
	for (size_t i = 0; i < words->n_words; i++)
		if (*words->words[i].text == '#')
			words->n_words = i;
	return words->n_words > 0;
}

bool actions_file_load(struct actions_file *file, const char *path, const struct ruleset_options *rules,
		       const struct ruleset *loaded, struct diagnostics *diagnostics)
{
	struct lexer lexer;
	bool is_ok = true;

	if (!path)
		return true;
	if (!rules_files_read(path, &file->source, diagnostics))
		return false;
	lex_init(&lexer, &file->source, &file->arena, diagnostics);
	while (!lex_is_at_end(&lexer) && diag_has_room(diagnostics)) {
		struct lex_words words = { .n_words = 0 };
		struct line line = {
			.file = file, .words = &words, .rules = rules, .diagnostics = diagnostics,
			.loaded = file->newest && file->newest->loaded ? file->newest->loaded : loaded,
		};

		if (lex_peek(&lexer) == '#') {
			lex_skip_line(&lexer);
			continue;
		}
		if (!lex_read_saved(&lexer, &words))
			is_ok = false;
		else if (cut_comment(&words))
			is_ok &= parse_line(&line);
		lex_clear_words(&words);
	}
	lex_clear(&lexer);
	return is_ok;
}
