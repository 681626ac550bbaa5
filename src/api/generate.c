/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_generate(): packets made from the rules of one or two replays (replay/generate). */
#include "api/api.h"
#include "replay/generate.h"

/* Whose rules and sets it has: another's, or its own. */
static const struct ctreplay *owner_of_rules(const struct ctreplay *replay)
{
	return replay->lender ? replay->lender : replay;
}

/* A host of which nothing was said: as another replay of the rules found it, or one that serves them. */
static void describe_host(struct ctreplay *replay, const struct topology *found, const struct generate_options *rules)
{
	struct topology *topology = &replay->options.topology;

	if (topology->n_addresses)
		return;
	if (!found)
		generate_host(rules->rulesets, rules->n_rulesets, topology);
	for (size_t i = 0; found && i < found->n_addresses; i++) {
		const struct topology_address *own = &found->addresses[i];

		topology_add_address(topology, own->family, &own->address, (unsigned)address_mask_prefix_len(own->family, &own->subnet.mask),
				     own->interface);
	}
}

static void use_script(struct ctreplay *replay)
{
	replay->replay.scene.script = &replay->script;
	replay->replay.scene.script_name = "(generated)";
}

static void generate(struct ctreplay *first, struct ctreplay *second)
{
	const struct ctreplay *owner = owner_of_rules(first);
	const struct ruleset *rulesets[] = { first->replay.scene.ruleset, second ? second->replay.scene.ruleset : NULL };
	const struct topology *found = owner->state == API_FRESH || owner->state == API_FAILED ? NULL : &owner->options.topology;
	struct topology *topology = &first->options.topology;
	struct generate_options options = {
		.rulesets = rulesets, .n_rulesets = second ? 2 : 1, .topology = topology, .seed = first->options.seed,
		.sets = { owner->options.rules.sets, second ? owner_of_rules(second)->options.rules.sets : NULL },
	};

	describe_host(first, found, &options);
	if (second)
		describe_host(second, found, &options);
	topology_finish(topology);
	generate_script(&options, &first->script);
	use_script(first);
	if (second) {
		text_append_bytes(&second->script, text_string(&first->script), first->script.len);
		use_script(second);
	}
}

bool ctreplay_generate(struct ctreplay *first, struct ctreplay *second)
{
	if (!api_is_fresh(first))
		return false;
	if (second && (second == first || second->state != API_FRESH))
		return api_fail(first, "the second replay was opened already");
	if (!first->replay.scene.ruleset || (second && !second->replay.scene.ruleset))
		return api_fail(first, "packets are made from rules that were loaded, or borrowed");
	if (first->replay.scene.script || (second && second->replay.scene.script))
		return api_fail(first, "it has a packet script already");
	generate(first, second);
	return true;
}

const char *ctreplay_script(const struct ctreplay *replay)
{
	return replay->replay.scene.script ? text_string(&replay->script) : NULL;
}
