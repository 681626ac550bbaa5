/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/captured_on.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "host/vantage_guess.h"
#include "packet/decode.h"
#include "replay/capture_file.h"

static const char any[] = "any", arriving[] = "arriving";

void captured_on_init(struct captured_on *captured_on)
{
	memset(captured_on, 0, sizeof(*captured_on));
	text_init(&captured_on->words);
}

void captured_on_clear(struct captured_on *captured_on)
{
	free(captured_on->captures);
	text_clear(&captured_on->words);
	memset(captured_on, 0, sizeof(*captured_on));
}

/* An interface of the host, or all of them. False after an error. *name: the topology's, NULL for all. */
static bool add_told(struct vantage_plan *plan, const struct topology *topology, const char *told, const char **name,
		     struct diagnostics *diagnostics)
{
	const struct interface *interface = topology_find_interface(topology, told);

	*name = NULL;
	if (strcmp(told, any) == 0) {
		for (size_t i = 0; i < topology->n_interfaces; i++)
			vantage_plan_add(plan, topology->interfaces[i]->name);
		return true;
	}
	if (!interface) {
		diag_error_plain(diagnostics, "--captured-on %s: the host has no interface of that name", told);
		return false;
	}
	*name = interface->name;
	vantage_plan_add(plan, interface->name);
	return true;
}

/* "lan (inside.pcap)": of one of several captures. */
static void print_one(struct text *out, const char *name, const char *path)
{
	text_printf(out, "%s%s (%s)", out->len ? ", " : "", name, path);
}

static bool is_arriving(const struct run_options *options)
{
	for (size_t i = 0; i < options->n_captured_on; i++)
		if (strcmp(options->captured_on[i], arriving) == 0)
			return true;
	return false;
}

/* --captured-on: of one capture all interfaces that it has packets of; of several, one for all, or one for each. */
static bool take_told(struct captured_on *captured_on, const struct run_options *options, struct diagnostics *diagnostics)
{
	struct vantage_plan *plan = &captured_on->plan;
	bool has_each = options->n_captures > 1 && options->n_captured_on == options->n_captures;

	if (options->n_captures > 1 && options->n_captured_on > 1 && !has_each) {
		diag_error_plain(diagnostics, "--captured-on is given %zu times, and there are %zu captures: once for all of them,"
				 " or once for each, in the same order", options->n_captured_on, options->n_captures);
		return false;
	}
	plan->n_names = 0;
	if (is_arriving(options)) {
		plan->is_on = false;
		return true;
	}
	for (size_t i = 0; i < options->n_captured_on; i++) {
		const char *name;

		if (!add_told(plan, &options->topology, options->captured_on[i], &name, diagnostics))
			return false;
		if (has_each)
			captured_on->captures[i] = name;
	}
	plan->captures = has_each ? captured_on->captures : NULL;
	plan->is_on = plan->n_names > 0;
	for (size_t i = 0; has_each && i < options->n_captures; i++)
		print_one(&captured_on->words, options->captured_on[i], options->captures[i]);
	if (!has_each)
		vantage_plan_print(plan, &captured_on->words);
	return true;
}

static void guess_one(const struct run_options *options, const struct ruleset *ruleset, const struct lookahead *lookahead,
		      struct vantage_plan *plan, struct text *why)
{
	struct vantage_guess guess;

	vantage_guess_init(&guess, &options->topology, ruleset);
	for (size_t i = 0; i < lookahead->n_held; i++) {
		struct packet packet = lookahead->held[i];

		decode_frame(&packet, lookahead->source->link_type);
		vantage_guess_add(&guess, &packet);
	}
	vantage_guess_apply(&guess, plan, why);
}

/* One of several captures, by its own first packets; it is read anew. */
static bool guess_part(const struct run_options *options, const char *path, const struct ruleset *ruleset,
		       struct vantage_plan *plan, struct diagnostics *diagnostics)
{
	struct text why;
	struct lookahead lookahead;
	struct capture_file file;
	bool is_open = capture_file_open(&file, path, &options->limits, diagnostics);

	if (is_open) {
		lookahead_init(&lookahead, file.source);
		lookahead_read(&lookahead, LOOKAHEAD_FOR_VANTAGE, NULL);
		text_init(&why);
		guess_one(options, ruleset, &lookahead, plan, &why);
		text_clear(&why);
		lookahead_clear(&lookahead);
	}
	capture_file_close(&file);
	return is_open;
}

/* What was found of one capture joins what was found of the others. */
static void join(struct captured_on *captured_on, size_t capture, const char *path, const struct vantage_plan *found)
{
	struct vantage_plan *plan = &captured_on->plan;

	captured_on->captures[capture] = found->n_names == 1 ? found->names[0] : NULL;
	for (size_t i = 0; i < found->n_names; i++) {
		vantage_plan_add(plan, found->names[i]);
		print_one(&captured_on->words, found->names[i], path);
	}
	for (size_t i = 0; i < found->n_indices && plan->n_indices < VANTAGE_MOST; i++)
		plan->indices[plan->n_indices++] = found->indices[i];
}

static bool guess_all(struct captured_on *captured_on, const struct run_options *options, const struct ruleset *ruleset,
		      struct diagnostics *diagnostics)
{
	const char *unknown = NULL;
	bool is_ok = true;

	for (size_t i = 0; i < options->n_captures && is_ok; i++) {
		struct vantage_plan found = { .is_on = false };

		is_ok = guess_part(options, options->captures[i], ruleset, &found, diagnostics);
		if (found.is_on)
			join(captured_on, i, options->captures[i], &found);
		else
			unknown = options->captures[i];
	}
	captured_on->plan.is_on = captured_on->plan.n_names > 0;
	captured_on->plan.captures = captured_on->captures;
	if (captured_on->plan.is_on)
		text_append(&captured_on->words, ": found from the captures; --captured-on says otherwise");
	if (!is_ok || !captured_on->plan.is_on || !unknown || options->n_captured_on)
		return is_ok;
	diag_error_plain(diagnostics, "%s: where it was captured is not to be found in it, as it is in another of these captures;"
			 " --captured-on says it, once for each, in the same order", unknown);
	return false;
}

bool captured_on_find(struct captured_on *captured_on, const struct run_options *options, const struct ruleset *ruleset,
		      const struct lookahead *lookahead, struct diagnostics *diagnostics)
{
	bool has_several = options->n_captures > 1;

	if (has_several)
		captured_on->captures = alloc_zeroed(options->n_captures, sizeof(char *));
	if (has_several && !guess_all(captured_on, options, ruleset, diagnostics))
		return false;
	if (!has_several)
		guess_one(options, ruleset, lookahead, &captured_on->plan, &captured_on->words);
	if (!options->n_captured_on)
		return true;
	/* Numbers of interfaces are needed even where the user names them. */
	text_reset(&captured_on->words);
	return take_told(captured_on, options, diagnostics);
}
