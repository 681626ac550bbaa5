/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matches and targets: one file each in match/ and target/, one exported constant each
 * (match_<stem>, target_<stem>), listed in sources.am.
 *
 * The option table alone drives parsing, errors, help, canonical printing and the
 * manual's synopsis. A configuration is filled by rules/options from the table, checked
 * once, and constant afterwards; what changes while packets pass (limit's bucket) lives
 * in a separate state block.
 */
#ifndef RULES_EXTENSION_H
#define RULES_EXTENSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"
#include "packet/address.h"
#include "rules/shared_states.h"
#include "rules/subject.h"

enum option_kind {
	OPTION_FLAG,		/* no value */
	OPTION_NUMBER,		/* uint32_t in [min, max]; decimal, 0x hex or 0 octal */
	OPTION_NUMBER_RANGE,	/* struct number_range: "a", "a:b", ":b", "a:" in [min, max] */
	OPTION_PORT_RANGE,	/* struct number_range of ports; numbers or service names */
	OPTION_NAME,		/* uint32_t: the value of one of `names` */
	OPTION_NAME_SET,	/* uint32_t: bits of a comma list of `names` */
	OPTION_MASKED,		/* struct masked_value: "value" or "value/mask" */
	OPTION_STRING,		/* char[max + 1]: at most max characters, else an error */
	OPTION_ADDRESS,		/* struct option_address: "a", "a/len" or "a/mask" */
	OPTION_ADDRESS_RANGE,	/* struct address_range: "a" or "a-b" */
	OPTION_CUSTOM,		/* parse and print of the option itself; n_values tokens */
};

/*
 * What of a packet an option looks at, for those who reason about rules without packets (rules/extent.h). FIELD_NONE: it
 * cannot be said in intervals. No target changes these while a packet traverses a table, but for CT in raw.
 */
enum packet_field {
	FIELD_NONE, FIELD_SOURCE, FIELD_DESTINATION, FIELD_PROTOCOL, FIELD_FRAGMENT, FIELD_SOURCE_PORT, FIELD_DESTINATION_PORT,
	FIELD_ICMP,			/* type * 256 + code */
	FIELD_CTSTATE,			/* bit numbers of enum ctstate_bit */
	FIELD_LENGTH,
	FIELD_COUNT,
};

/* Most intervals that one option can name. */
enum { OPTION_MOST_RANGES = 16 };

struct number_range { uint32_t first, last; };
struct masked_value { uint32_t value, mask; };
struct address_range { struct address first, last; uint8_t family; };

/* As given: the address is not masked, because iptables-save prints it back; compare with option_address_holds(). */
struct option_address { struct address address, mask; uint8_t family; };

static inline bool option_address_holds(const struct option_address *option, const struct address *address)
{
	uint32_t difference = 0;

	for (unsigned i = 0; i < 4; i++)
		difference |= (address->word[i] ^ option->address.word[i]) & option->mask.word[i];
	return difference == 0;
}

struct option_name { const char *name; uint32_t value; };	/* a table of them ends with a NULL name */

enum option_flag {
	OPTION_INVERTIBLE = 1 << 0,	/* `!` may stand before it */
	OPTION_REQUIRED = 1 << 1,
	OPTION_REPEATABLE = 1 << 2,
	OPTION_IS_ALIAS = 1 << 3,	/* another spelling of the option `alias_of`; name and alias_of are all it needs */
	OPTION_ORDERED = 1 << 4,	/* a range whose end is below its start is an error; ports in any base, never modulo */
	OPTION_OMIT_FULL = 1 << 5,	/* a range of everything is not printed */
	OPTION_NAME_PREFIX = 1 << 6,	/* names may be cut short: the first in the table that fits */
	OPTION_NAME_EXACT = 1 << 7,	/* case matters in names */
	OPTION_CUT = 1 << 8,		/* a string that is too long is cut, and that is said */
	OPTION_MAY_LACK_VALUE = 1 << 10,	/* OPTION_CUSTOM with one value: its text is NULL when an option or the end follows */
	OPTION_SINGLE = 1 << 11,	/* a range that must be one number */
	OPTION_HIDES_ZERO = 1 << 12,	/* a range that ends at 0 is printed as its beginning */
	OPTION_SKIP_EMPTY = 1 << 9,	/* empty words of a list do not count, as strtok(3) reads it */
};

/* One word of a rule and where it stands. */
struct argument {
	const char *text;		/* unquoted, NUL-terminated */
	struct source_range where;
	bool is_as_written;		/* the source has the same bytes there: a part of the text has its own place */
};

struct extension_place;
struct timeout_policies;

struct option_spec {
	const char *name;		/* without the dashes */
	char short_name;		/* or 0 */
	enum option_kind kind;
	uint8_t n_values;		/* OPTION_CUSTOM only; the other kinds know */
	uint16_t flags;			/* enum option_flag */
	uint8_t mark;			/* bit number in struct option_marks; own number for each non-alias option */
	size_t offset;			/* in the configuration */
	int64_t min, max;
	const struct option_name *names;
	uint32_t excludes;		/* marks that may not be given together with it */
	uint32_t needs;			/* marks that must have been given before it */
	const char *needed_names;	/* what `needs` says, for messages */
	const char *excluded_names;	/* what `excludes` says, for messages: "--sports or --ports" */
	const char *value_name;		/* "port[:port]": for help and manual */
	const char *summary;
	const char *alias_of;		/* canonical option's name, with OPTION_IS_ALIAS */

	/* OPTION_CUSTOM: `values` has n_values items. Errors go to diagnostics at the value's place. */
	bool (*parse)(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics);
	/* Appends the canonical "--name value" without `!`; NULL: by kind. */
	void (*print)(const void *config, struct text *out);
	uint8_t field;			/* enum packet_field that it looks at */
	/* OPTION_CUSTOM with a field: the values that it names, before `!`: at most OPTION_MOST_RANGES, in any order. */
	size_t (*span)(const void *config, struct number_range *ranges);
};

/* Every configuration begins with this. */
struct option_marks {
	uint32_t seen;			/* bit per option mark */
	uint32_t inverted;
};

/* Where a rule stands, for checks at load time. */
struct extension_place {
	enum family family;
	const char *table;		/* "filter" */
	const char *chain;
	uint32_t hooks;			/* bits of enum hook from which the rule can be reached */
	uint8_t protocol;		/* of -p; 0 for any */
	bool protocol_is_inverted;
	enum profile profile;		/* the kernel that the rule is for */
	const struct ipsets *sets;	/* the sets that there are; NULL: nobody said */
	const struct timeout_policies *policies;	/* that -j CT --timeout may name; NULL: none */
	bool wants_syn;			/* a match of the rule lets only packets with SYN pass */
	struct source_range where;	/* of the -m or -j word */
};

/*
 * MATCH_HOTDROP: the packet is malformed, and is dropped at once; MATCH_YES_HOTDROP: as soon as the rule has acted.
 * MATCH_UNKNOWN: no capture can tell (whose process sent it): taken as no, and the packet's verdict is marked.
 */
enum match_result { MATCH_NO, MATCH_YES, MATCH_HOTDROP, MATCH_YES_HOTDROP, MATCH_UNKNOWN };

enum extension_class {
	EXTENSION_EXACT,		/* what the kernel does */
	EXTENSION_SEEDED,		/* same distribution, reproducible */
	EXTENSION_FROM_CONTEXT,		/* the value comes from the host description */
	EXTENSION_SIDE_EFFECT,		/* recorded, no influence on verdicts */
};

enum { EXTENSION_IPV4 = 1, EXTENSION_IPV6 = 2, EXTENSION_BOTH = 3 };

/* Bits of tables and hooks in which an extension may be used; 0: everywhere. */
enum {
	EXTENSION_RAW = 1, EXTENSION_MANGLE = 2, EXTENSION_NAT = 4, EXTENSION_FILTER = 8, EXTENSION_SECURITY = 16,
};

/* How much a match looks at of a packet and its entry, for rules/recall. */
enum flow_scope {
	FLOW_BEYOND,			/* more than what follows */
	FLOW_SETTLED,			/* addresses, protocol, ports, interfaces, ctstate, direction, marks */
	FLOW_STATUS,			/* the entry's status bits, too */
};

struct match_type {
	const char *name;		/* as after -m */
	const char *summary;
	enum extension_class class;
	const char *basis;		/* where the answers of EXTENSION_FROM_CONTEXT come from; what is to be known of others; or NULL */
	uint8_t families;		/* EXTENSION_IPV4 | EXTENSION_IPV6 */
	const uint8_t *protocols;	/* the rule must name one of these with -p; ends with 0; NULL: any */
	uint32_t hooks;			/* bits of enum hook where it may be used; 0: all */
	const struct option_spec *options;
	size_t n_options;
	size_t config_size, state_size;

	void (*init)(void *config);	/* defaults other than zero; may be NULL */
	/* After all options: combinations, place. May be NULL. */
	bool (*check)(void *config, const struct extension_place *place, struct diagnostics *diagnostics);
	void (*start)(const void *config, void *state, struct vtime now, uint32_t hz);	/* first state; may be NULL */
	/* Behind start(): state that is shared by name or grows, and seeds. May be NULL. */
	void (*attach)(const void *config, void *state, struct shared_states *shared);
	enum match_result (*eval)(const void *config, void *state, const struct subject *subject);
	/*
	 * Does eval() look only at what is the same for all packets of a connection in one direction, as long as its ctstate, status
	 * and marks are? It must say neither MATCH_UNKNOWN nor, of packets with their whole header, HOTDROP. NULL: FLOW_BEYOND.
	 */
	enum flow_scope (*flow_scope)(const void *config);
	bool (*wants_syn)(const void *config);		/* lets only packets with TCP's SYN pass; NULL: does not */
	/* Canonical options behind "-m name", each with a leading blank: iptables-save's form; NULL: from the table. */
	void (*print)(const void *config, struct text *out);
	/* Its words in `iptables -L -n`, with a leading blank. */
	void (*list)(const void *config, struct text *out);
	/* For explain: why it did not match: "--dport 22: packet has 443". May be NULL. */
	void (*explain)(const void *config, const struct subject *subject, struct text *out);
	/* Static words ("--helper") when this configuration is not simulated although the extension is. May be NULL. */
	const char *(*unsimulated)(const void *config);
	const char *hotdrop;		/* why it drops packets itself; NULL: their header is cut */
	bool leaves_traces;		/* eval() changes what is neither its state nor the packet: a set's counters, a connection's labels */
};

/* Does asking it once more change what comes later? */
static inline bool match_type_remembers(const struct match_type *type)
{
	return type->state_size || type->leaves_traces;
}

/* TARGET_UNKNOWN: no capture can tell whether the packet gets through: it is dropped, and its verdict is marked. */
enum target_verdict { TARGET_CONTINUE, TARGET_ACCEPT, TARGET_DROP, TARGET_RETURN, TARGET_QUEUE, TARGET_UNKNOWN };

struct target_type {
	const char *name;		/* as after -j */
	const char *summary;
	enum extension_class class;
	const char *basis;		/* as in struct match_type */
	uint8_t families;
	const uint8_t *protocols;
	uint32_t hooks;			/* bits of enum hook; 0: all */
	uint32_t tables;		/* EXTENSION_RAW ...; 0: all */
	const struct option_spec *options;
	size_t n_options;
	size_t config_size, state_size;

	void (*init)(void *config);
	bool (*check)(void *config, const struct extension_place *place, struct diagnostics *diagnostics);
	void (*start)(const void *config, void *state, struct vtime now, uint32_t hz);
	void (*attach)(const void *config, void *state, struct shared_states *shared);	/* as in struct match_type */
	enum target_verdict (*eval)(const void *config, void *state, struct subject *subject);
	void (*print)(const void *config, struct text *out);
	void (*list)(const void *config, struct text *out);
	const char *listed_name;	/* what `iptables -L` calls it when that is not its name; else NULL */
	/*
	 * Of nat: can it have made this address and port? *port_before is set when that tells the port that was there. NULL: it
	 * makes what only the host knows.
	 */
	bool (*could_make)(const void *config, const struct address *address, uint16_t port, uint16_t *port_before);
	bool changes_addresses;		/* of the packet, at once: what holds for its connection no longer holds for it */
	const char *(*unsimulated)(const void *config);	/* as in struct match_type; such a target is taken as TARGET_CONTINUE */
	bool (*makes_template)(const void *config);	/* for connections that begin, so that tracking is needed; NULL: no */
	const char *unfollowed;		/* packets that it sends, of which OUTPUT and POSTROUTING see nothing here; NULL: none */
};

/* NULL when there is none of that name that serves the family. */
const struct match_type *extension_find_match(const char *name, enum family family);
const struct target_type *extension_find_target(const char *name, enum family family);

/* All of them, in alphabetical order; NULL-terminated. */
const struct match_type *const *extension_matches(void);
const struct target_type *const *extension_targets(void);

#endif
