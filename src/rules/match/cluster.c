/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m cluster: does this node handle the connection? Linux 6.18, xt_cluster.c: xt_cluster_mt(). */
#include "base/jhash.h"
#include "rules/match_parts.h"

enum { TOTAL, NODE, NODEMASK, SEED };

enum { NODES_MOST = 32, ADDRESS_LEN_MOST = 16 };

struct cluster_config {
	struct option_marks marks;
	uint32_t n_nodes, node, mask, seed;
};

static const struct option_spec options[] = {
	{ .name = "cluster-total-nodes", .kind = OPTION_NUMBER, .flags = OPTION_REQUIRED, .mark = TOTAL,
	  .offset = offsetof(struct cluster_config, n_nodes), .min = 1, .max = NODES_MOST, .value_name = "number",
	  .summary = "nodes of the cluster" },
	{ .name = "cluster-local-node", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = NODE,
	  .offset = offsetof(struct cluster_config, node), .min = 1, .max = NODES_MOST, .excludes = 1 << NODEMASK,
	  .excluded_names = "--cluster-local-nodemask", .value_name = "number", .summary = "this node" },
	{ .name = "cluster-local-nodemask", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = NODEMASK,
	  .offset = offsetof(struct cluster_config, mask), .min = 1, .max = NODES_MOST, .excludes = 1 << NODE,
	  .excluded_names = "--cluster-local-node", .value_name = "mask", .summary = "these nodes" },
	{ .name = "cluster-hash-seed", .kind = OPTION_NUMBER, .flags = OPTION_REQUIRED, .mark = SEED,
	  .offset = offsetof(struct cluster_config, seed), .max = UINT32_MAX, .value_name = "number",
	  .summary = "the same on all nodes" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct cluster_config *cluster = config;

	if (!match_parts_need_option(config, 1 << NODE | 1 << NODEMASK,
				     "cluster needs --cluster-local-node or --cluster-local-nodemask", place, diagnostics))
		return false;
	if (options_is_seen(&cluster->marks, NODE))
		cluster->mask = UINT32_C(1) << (cluster->node - 1);
	if (cluster->n_nodes == NODES_MOST || cluster->mask < UINT32_C(1) << cluster->n_nodes)
		return true;
	diag_error(diagnostics, place->where, NULL, "the cluster has %u nodes: there is no such node", cluster->n_nodes);
	return false;
}

/* Of the address that opened the connection; the kernel hashes its first 32 bits, of IPv6 too. */
static uint32_t find_node(const struct cluster_config *cluster, const struct connection *connection)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);
	uint8_t bytes[ADDRESS_LEN_MOST];
	uint32_t word;

	address_to_bytes((enum family)original.family, &original.source, bytes);
	word = jhash_little_endian(bytes);
	return jhash_scale(jhash(&word, 1, cluster->seed), cluster->n_nodes);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct cluster_config *cluster = config;
	const struct connection *connection = subject->tracking->connection;
	bool is_ours;

	(void)state;
	if (!connection)
		return MATCH_NO;
	is_ours = cluster->mask >> find_node(cluster, connection) & 1;
	return is_ours != (cluster->marks.inverted != 0) ? MATCH_YES : MATCH_NO;
}

static void print(const void *config, struct text *out)
{
	const struct cluster_config *cluster = config;

	text_printf(out, "%s --cluster-local-nodemask 0x%08x --cluster-total-nodes %u --cluster-hash-seed 0x%08x",
		    cluster->marks.inverted ? " !" : "", cluster->mask, cluster->n_nodes, cluster->seed);
}

static void list(const void *config, struct text *out)
{
	const struct cluster_config *cluster = config;

	text_printf(out, " cluster %snode_mask=0x%08x total_nodes=%u hash_seed=0x%08x", cluster->marks.inverted ? "!" : "",
		    cluster->mask, cluster->n_nodes, cluster->seed);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct cluster_config *cluster = config;
	const struct connection *connection = subject->tracking->connection;

	if (!connection)
		text_append(out, "cluster: the packet has no connection");
	else
		text_printf(out, "cluster: the connection belongs to node %u of %u",
			    find_node(cluster, connection) + 1, cluster->n_nodes);
}

const struct match_type match_cluster = {
	.name = "cluster",
	.summary = "this node's share of the connections",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct cluster_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
	.explain = explain,
};
