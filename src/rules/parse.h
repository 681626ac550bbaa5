/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rule files to trees. parse_source() is what ruleset_load() calls; the rest is shared by
 * the parse_*.c files and private to them.
 *
 * Life of a line: lex takes it apart; parse_save (iptables-save output) or parse_shell
 * (commands and `iptables -S` listings) finds out what it is; parse_invocation() reads
 * the words as iptables' command line, with parse_option (which option), parse_generic
 * (addresses, interfaces, protocol) and parse_extension (-m, -j); parse_command carries it
 * out on the tree.
 */
#ifndef RULES_PARSE_H
#define RULES_PARSE_H

#include "base/diag.h"
#include "rules/ast.h"
#include "rules/lex.h"

enum family_bits { FAMILY_BIT_IPV4 = 1, FAMILY_BIT_IPV6 = 2 };

/* What a rule file's lines have in common. */
struct parser {
	struct ast *ast;
	const struct source *source;
	const struct ruleset_options *options;
	const struct limits *limits;
	struct diagnostics *diagnostics;
	struct lexer lexer;
	enum family fixed_family;	/* what the user said; FAMILY_NONE: found from the content */
	enum family hinted_family;	/* what a comment or the lines around say */
	struct map reported;		/* unknown names that were mentioned already */
	uint32_t n_rules;		/* read from this source */
	uint32_t n_commands;
	uint32_t furthest;		/* how much of the source was read at least once, by parse_may_repeat() */
	uint64_t n_repeated;		/* commands and rules that loops and functions read again */
	bool has_repeated_most;		/* limits.shell_repeats, and it was said */
	bool keeps_tables;		/* iptables-restore --noflush */
	bool replaces_tables;		/* a script's iptables-restore: it is meant to, so nothing is said */
	bool is_expanded;		/* a here-document in which the shell replaces variables is being read */
	bool warned_late_not;
	bool is_full;			/* limits.rules_bytes, and it was said */
	bool has_passed_most;		/* limits.rules_passed, and it was said */
};

enum { ADDRESSES_MOST = 256, EXTENSIONS_MOST = 64, OPTIONS_MOST = 32 };

/* One side's addresses: -s or -d. */
struct address_list {
	struct argument option;		/* text is NULL while it was not given */
	struct masked_address *items;	/* in the arena */
	size_t n_items;
};

/* One of iptables' own options, as it was given. */
struct given_option {
	char letter;
	struct argument name;
};

/* One iptables command line. */
struct invocation {
	struct parser *parser;
	const struct argument *words;
	size_t n_words, next;		/* the word to read next */
	struct source_range where;
	uint32_t line;

	enum family family;
	enum table table;
	bool is_saved;			/* in a *table section: no -t */
	bool has_failed;
	bool is_refused;		/* iptables itself would refuse, with the tables as they are: a script goes on */

	char command;			/* 'A', 'I', ...; 0: none yet */
	struct argument command_word, chain, second, number;	/* second: policy or new name */

	struct ast_rule *rule;
	struct address_list source, destination;
	uint32_t seen;			/* bit per generic option that may be given once */
	struct given_option given[OPTIONS_MOST];
	size_t n_given;
	struct argument protocol_word;
	struct ast_extension *loaded[EXTENSIONS_MOST];	/* matches and target, in the order in which they were named */
	size_t n_loaded;
	struct ast_extension *last_unsimulated;	/* takes options that nobody knows */
};

/* An option as iptables' command line has it. */
struct parsed_option {
	struct argument name;		/* with dashes, without "=value" */
	struct argument value;		/* text is NULL when there is no attached value */
	bool is_inverted;
	struct argument inversion;	/* the "!" */
};

/* Reads a whole source into the tree; false after errors (all in the diagnostics). */
bool parse_source(struct ast *ast, const struct ruleset_input *input, const struct ruleset_options *options,
		  struct diagnostics *diagnostics);

/*
 * May the line at `where` be read? Not beyond limits.shell_repeats, where loops and functions read lines again, and limits.rules_bytes:
 * said once, and nothing behind it is read.
 */
bool parse_may_repeat(struct parser *parser, struct source_range where);

/*
 * What stands from `from` to the lexer's place was read again. A long comment costs, too: as many bytes count as one command, far more
 * than one has, so that a script that does something reaches its limit by commands.
 */
enum { PARSE_REPEAT_BYTES = 1000 };
void parse_passed_again(struct parser *parser, uint32_t from);

/* parse_save.c: the section that begins at the lexer's line ("*filter"). */
void parse_section(struct parser *parser);

/* parse_shell.c: commands up to the end or to a "*table" line. */
struct shell_lines;
/* `is_saved`: the file has "*table" sections, so rules without a command word are misplaced. */
struct shell_lines *parse_shell_create(struct parser *parser, bool is_saved);
void parse_shell_line(struct shell_lines *shell);
/* An error about a variable that has no value. */
void parse_report_unset(struct parser *parser, const struct argument *unset);
/* May a "*table" section begin here? Not in a here-document that nothing loads there. */
bool parse_shell_takes_tables(const struct shell_lines *shell);
/* Behind the last line: is there more to read, further up? */
bool parse_shell_has_more(struct shell_lines *shell);
void parse_shell_destroy(struct shell_lines *shell);	/* says which lines were ignored */

/* parse_family.c: which families the text at `where` speaks of (enum family_bits); 0: nothing says. */
unsigned parse_family_signs(const struct source_range *where, bool *has_selectors);
/* The family that a comment line speaks of ("# Generated by ip6tables-save"), or FAMILY_NONE. */
enum family parse_family_of_comment(struct source_range line);

/* parse_rule.c: reads the words of an invocation and carries it out. False after an error. */
bool parse_invocation(struct invocation *invocation);
void parse_invocation_init(struct invocation *invocation, struct parser *parser, const struct lex_words *words, size_t first);
void parse_error(struct invocation *invocation, struct source_range where, const char *hint, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The word behind an option, or the attached one; NULL after an error. */
const struct argument *parse_value(struct invocation *invocation, struct parsed_option *option, const char *value_name);
bool parse_u64(const char *text, uint64_t *value);
/* A `!` without quotes. */
bool parse_is_not(const struct argument *word);

/* parse_stray.c: an error about a word that no option takes. */
void parse_stray_word(struct invocation *invocation, const struct argument *word);
/* Quotes that a word processor makes: they quote nothing. */
bool parse_has_typographic_quotes(const char *text);

/* parse_generic.c */
bool parse_addresses(struct invocation *invocation, struct parsed_option *option, bool is_source);
bool parse_interface(struct invocation *invocation, struct parsed_option *option, bool is_in);
bool parse_protocol(struct invocation *invocation, struct parsed_option *option);
bool parse_counters(struct invocation *invocation, struct parsed_option *option);

/* parse_extension.c */
bool parse_match(struct invocation *invocation, const struct argument *name);
bool parse_target(struct invocation *invocation, const struct argument *name, bool is_goto);
/* "-p tcp, -p udp or -p 200" */
void parse_protocol_names(const uint8_t *protocols, struct text *out);
/* The match that the protocol brings along for its options ("-p tcp --dport"); false when there is none. */
bool parse_protocol_match(struct invocation *invocation, const char *option);
/* An option of a loaded extension? 1: yes, stored; 0: not known to any; -1: an error was reported. */
int parse_extension_option(struct invocation *invocation, struct parsed_option *option);
void parse_unknown_option(struct invocation *invocation, const struct parsed_option *option);
/* Is there any option of this long name, in any extension? */
bool parse_is_long_name(const struct invocation *invocation, const char *name);
struct extension_place parse_place(const struct invocation *invocation, struct source_range where);

/* parse_option.c: the generic options of iptables. */
enum generic_kind { GENERIC_COMMAND, GENERIC_RULE, GENERIC_IGNORED };
struct generic_option {
	const char *name;
	char letter;			/* also its identity */
	enum generic_kind kind;
	uint8_t n_values;		/* must follow; 2: only for commands */
	bool has_optional;		/* one more word may follow when it does not begin with '-' or '!' */
};
const struct generic_option *parse_option_by_letter(char letter);
/* Exact, or the only one that begins so; *n_fitting says how many do. */
const struct generic_option *parse_option_by_name(const char *name, bool is_exact, size_t *n_fitting);
const struct generic_option *parse_option_table(size_t *n_options);
/* Its value was attached to it, and it is one of those of which iptables wants it apart: an error, and true. */
bool parse_option_refuse_attached(struct invocation *invocation, const struct generic_option *generic,
				  const struct parsed_option *option);
/* Notes that it was given; false after an error. */
bool parse_option_note(struct invocation *invocation, const struct generic_option *generic, const struct parsed_option *option);
/* After all words: does the command take the options that were given? False after an error. */
bool parse_option_check(struct invocation *invocation);

/* parse_command.c: -A, -I, ... on the tree. False after an error. */
bool parse_apply(struct invocation *invocation);
struct ast_chain *parse_find_chain(struct invocation *invocation, struct ast_table *table, const struct argument *name);
bool parse_check_chain_name(struct invocation *invocation, const struct argument *name);
/* A new user chain, or an error when there is one of that name. */
struct ast_chain *parse_make_chain(struct invocation *invocation, struct ast_table *table, const struct argument *name);

#endif
