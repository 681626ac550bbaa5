/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/fib_rows.h"

#include <stdlib.h>

#include "base/alloc.h"

struct builder {
	const struct topology *topology;
	struct fib_rows *rows;
	enum family family;
	enum fib_question question;
	const struct policy_rule *rule;		/* whose table is being laid out */
};

static void add(const struct builder *builder, const struct masked_address *where, struct fib_answer answer)
{
	struct fib_row_list *list = &builder->rows->lists[builder->family == FAMILY_IPV6][builder->question];

	if (list->n_rows == list->capacity) {
		list->capacity = alloc_grown_capacity(list->capacity, list->n_rows + 1);
		list->rows = alloc_resize(list->rows, list->capacity, sizeof(*list->rows));
	}
	answer.is_found = true;
	answer.rule = builder->rule;
	list->rows[list->n_rows++] = (struct fib_row){ .where = *where, .answer = answer };
}

static void add_address(const struct builder *builder, const struct address *address, struct fib_answer answer)
{
	const struct masked_address where = {
		.address = *address, .mask = address_prefix_mask(builder->family, topology_family_bits(builder->family)),
	};

	add(builder, &where, answer);
}

static void add_loopback(const struct builder *builder)
{
	const char *interface = builder->topology->interfaces[0]->name;
	struct masked_address net = { .mask = address_prefix_mask(FAMILY_IPV4, 8) };
	const uint8_t one[16] = { [15] = 1 };

	if (builder->family == FAMILY_IPV6) {
		struct address address = address_from_bytes(FAMILY_IPV6, one);

		add_address(builder, &address, (struct fib_answer){ .type = ROUTE_LOCAL, .interface = interface });
		return;
	}
	net.address = address_from_ipv4(0x7fffffff);
	add_address(builder, &net.address, (struct fib_answer){ .type = ROUTE_BROADCAST, .interface = interface });
	net.address = address_from_ipv4(127u << 24);
	add(builder, &net, (struct fib_answer){ .type = ROUTE_LOCAL, .interface = interface });
}

/* What the host's addresses make of the table `local`. */
static void add_own(const struct builder *builder)
{
	const struct topology *topology = builder->topology;

	for (size_t i = 0; i < topology->n_addresses; i++)
		if (topology->addresses[i].family == builder->family)
			add_address(builder, &topology->addresses[i].address, (struct fib_answer){
				.type = ROUTE_LOCAL, .interface = topology->addresses[i].interface,
			});
	add_loopback(builder);
	for (size_t i = 0; i < topology->n_addresses; i++)
		if (topology->addresses[i].family == builder->family && topology->addresses[i].has_broadcast)
			add_address(builder, &topology->addresses[i].broadcast,
				    (struct fib_answer){ .type = ROUTE_BROADCAST });
}

/* False: a route that passes the question on to the next table. */
static bool add_routes(const struct builder *builder)
{
	const struct topology *topology = builder->topology;

	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];

		if (route->table != builder->rule->table || route->family != builder->family ||
		    (route->is_dead && builder->question != FIB_PLACE))
			continue;
		if (route->type == ROUTE_THROW)
			return false;
		add(builder, &route->destination, (struct fib_answer){
			.type = route->type, .route = route, .interface = route->interface,
		});
	}
	return true;
}

static bool lay_out(struct builder *builder)
{
	const struct topology *topology = builder->topology;

	if (topology->has_policy_rules[builder->family == FAMILY_IPV6])
		return false;
	for (size_t i = 0; i < topology->n_rules; i++) {
		bool is_local = topology->rules[i].table == TABLE_ID_LOCAL;

		builder->rule = &topology->rules[i];
		if (builder->rule->family != builder->family || (is_local && builder->question == FIB_PLACE))
			continue;
		if (is_local)
			add_own(builder);
		if (!add_routes(builder))
			return false;
	}
	return true;
}

struct fib_rows *fib_rows_create(const struct topology *topology)
{
	static const enum family families[2] = { FAMILY_IPV4, FAMILY_IPV6 };
	struct fib_rows *rows = alloc_zeroed(1, sizeof(*rows));

	for (int i = 0; i < 2 * FIB_QUESTION_COUNT; i++) {
		struct builder builder = {
			.topology = topology, .rows = rows, .family = families[i / FIB_QUESTION_COUNT],
			.question = (enum fib_question)(i % FIB_QUESTION_COUNT),
		};
		struct fib_row_list *list;

		list = &rows->lists[i / FIB_QUESTION_COUNT][i % FIB_QUESTION_COUNT];
		list->is_usable = lay_out(&builder);
		if (!list->rows)
			list->rows = alloc_zeroed(1, sizeof(*list->rows));	/* the end of no rows has an address too */
	}
	return rows;
}

void fib_rows_destroy(struct fib_rows *rows)
{
	if (!rows)
		return;
	for (int i = 0; i < 2 * FIB_QUESTION_COUNT; i++)
		free(rows->lists[i / FIB_QUESTION_COUNT][i % FIB_QUESTION_COUNT].rows);
	free(rows);
}

const struct fib_answer *fib_rows_find(const struct fib_rows *rows, enum fib_question question, enum family family,
				       const struct address *destination)
{
	static const struct fib_answer nowhere = { .is_found = false };
	const struct fib_row_list *list = rows ? &rows->lists[family == FAMILY_IPV6][question] : NULL;
	const struct fib_row *row, *end;

	if (!list || !list->is_usable)
		return NULL;
	row = list->rows;
	end = row + list->n_rows;
	if (family == FAMILY_IPV4)
		while (row < end && (destination->word[0] & row->where.mask.word[0]) != row->where.address.word[0])
			row++;
	else
		while (row < end && !address_is_in(destination, &row->where))
			row++;
	return row < end ? &row->answer : &nowhere;
}
