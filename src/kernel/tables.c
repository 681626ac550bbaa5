/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/spawn.h"
#include "kernel/netns.h"

/* The names under which distributions install the tools; the last is whichever back end is the default. */
static const char *const restore_names[2][2][2] = {
	[TABLES_LEGACY] = { { "iptables-legacy-restore", "iptables-restore" },
			    { "ip6tables-legacy-restore", "ip6tables-restore" } },
	[TABLES_NFT] = { { "iptables-nft-restore", "iptables-restore" },
			 { "ip6tables-nft-restore", "ip6tables-restore" } },
};
static const char *const save_names[2][2][2] = {
	[TABLES_LEGACY] = { { "iptables-legacy-save", "iptables-save" }, { "ip6tables-legacy-save", "ip6tables-save" } },
	[TABLES_NFT] = { { "iptables-nft-save", "iptables-save" }, { "ip6tables-nft-save", "ip6tables-save" } },
};

static size_t family_index(enum family family)
{
	return family == FAMILY_IPV4 ? 0 : 1;
}

/* Saves a table, or restores when it is NULL. *used: which of the names was there. */
static enum spawn_result run(const char *const names[2], const char *table, const char *input, const char **used,
			     struct text *output)
{
	enum spawn_result result = SPAWN_NOT_FOUND;

	/* The lock is for a host's own rules: nobody else can see these. */
	setenv("XTABLES_LOCKFILE", "/dev/null", 1);
	for (size_t i = 0; i < 2 && result == SPAWN_NOT_FOUND; i++) {
		const char *const argv[] = { names[i], table ? "-c" : NULL, "-t", table, NULL };

		*used = names[i];
		result = spawn_run(argv, input, output);
	}
	return result;
}

/* Only the legacy back end has its tables there; only root of the whole machine may read it. */
static bool has_legacy_tables(enum family family)
{
	char line[32];

	netns_read_line(family == FAMILY_IPV4 ? "/proc/net/ip_tables_names" : "/proc/net/ip6_tables_names", line,
			sizeof(line));
	return line[0] != '\0';
}

bool tables_load(enum tables_backend backend, enum family family, const char *rules, struct text *error)
{
	const char *const *names = restore_names[backend][family_index(family)];
	const char *used = names[0];
	enum spawn_result result;
	struct text output;

	text_init(&output);
	result = run(names, NULL, rules, &used, &output);
	if (result == SPAWN_NOT_FOUND)
		text_printf(error, "%s was not found (package iptables)", names[0]);
	else if (result == SPAWN_FAILED)
		text_printf(error, "%s: %s", used, text_string(&output));
	else if (backend == TABLES_LEGACY && used != names[0] && !has_legacy_tables(family)) {
		text_printf(error, "%s loads nf_tables rules here: --backend nft uses it so", used);
		result = SPAWN_FAILED;
	}
	while (error->len && error->bytes[error->len - 1] == '\n')
		error->bytes[--error->len] = '\0';
	text_clear(&output);
	return result == SPAWN_OK;
}

void tables_add_counter(struct tables_counters *counters, const struct tables_counter *counter)
{
	if (counters->n_counters == counters->capacity) {
		counters->capacity = alloc_grown_capacity(counters->capacity, counters->n_counters + 1);
		counters->counters = alloc_resize(counters->counters, counters->capacity, sizeof(*counters->counters));
	}
	counters->counters[counters->n_counters++] = *counter;
}

/* The number of the chain's last rule so far: rules of one chain need not stand together. */
static uint32_t last_number(const struct tables_counters *counters, const struct tables_counter *of)
{
	for (size_t i = counters->n_counters; i > 0; i--) {
		const struct tables_counter *counter = &counters->counters[i - 1];

		if (counter->family == of->family && strcmp(counter->table, of->table) == 0 &&
		    strcmp(counter->chain, of->chain) == 0)
			return counter->number;
	}
	return 0;
}

/* "*filter", ":INPUT DROP [1:60]", "[1:60] -A INPUT ...". `counter` keeps family and table from line to line. */
static void take_line(struct tables_counters *counters, struct tables_counter *counter, const char *line)
{
	if (sscanf(line, "*%15s", counter->table) == 1)
		return;
	if (sscanf(line, ":%63s %*s [%" SCNu64 ":%" SCNu64 "]", counter->chain, &counter->n_packets, &counter->n_bytes) == 3)
		counter->number = 0;
	else if (sscanf(line, "[%" SCNu64 ":%" SCNu64 "] -A %63s", &counter->n_packets, &counter->n_bytes, counter->chain) == 3)
		counter->number = last_number(counters, counter) + 1;
	else
		return;
	tables_add_counter(counters, counter);
}

bool tables_read_counters(struct tables_counters *counters, enum tables_backend backend, enum family family,
			  const char *table, struct text *error)
{
	const char *const *names = save_names[backend][family_index(family)];
	struct tables_counter counter = { .family = family };
	const char *used = names[0];
	struct text output;
	bool is_ok;

	text_init(&output);
	is_ok = run(names, table, NULL, &used, &output) == SPAWN_OK;
	if (!is_ok)
		text_printf(error, "%s: %s", used, output.len ? text_string(&output) : "not found");
	for (char *line = output.bytes; is_ok && line && *line;) {
		char *end = strchr(line, '\n');

		if (end)
			*end = '\0';
		take_line(counters, &counter, line);
		line = end ? end + 1 : NULL;
	}
	text_clear(&output);
	return is_ok;
}

void tables_clear_counters(struct tables_counters *counters)
{
	free(counters->counters);
	memset(counters, 0, sizeof(*counters));
}

const struct tables_counter *tables_find_counter(const struct tables_counters *counters, enum family family,
						 const char *table, const char *chain, uint32_t number)
{
	for (size_t i = 0; i < counters->n_counters; i++) {
		const struct tables_counter *counter = &counters->counters[i];

		if (counter->number == number && counter->family == family && strcmp(counter->chain, chain) == 0 &&
		    strcmp(counter->table, table) == 0)
			return counter;
	}
	return NULL;
}
