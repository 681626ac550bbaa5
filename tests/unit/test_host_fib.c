/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes looked up: the flat rows answer what the search answers, for hosts and addresses drawn at random; next hops share. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "host/fib_index.h"
#include "host/fib_rows.h"

enum { N_HOSTS = 60, N_QUESTIONS = 2000, LONGEST_NAME = 8 };

static uint32_t draw(struct random *random, uint32_t n)
{
	return (uint32_t)(random_u64(random) % n);
}

/* Few bits, so that prefixes nest and addresses meet. */
static struct address draw_address(struct random *random, enum family family)
{
	static const uint32_t nets[] = { 0x0a000000, 0x0a000100, 0x0a010000, 0xc0a80100, 0x7f000000 };
	struct address address = address_from_ipv4(nets[draw(random, 5)] + draw(random, 8) * 32 + draw(random, 4));

	if (family == FAMILY_IPV6) {
		struct address low = address;

		address = (struct address){ .word = { draw(random, 2) ? 0 : 0x80fe, 0, 0, draw(random, 8) ? low.word[0] : 0 } };
		if (draw(random, 16) == 0)
			address = (struct address){ .word = { 0, 0, 0, address_from_ipv4(1).word[0] } };
	}
	return address;
}

static const char *draw_interface(struct random *random)
{
	static const char *const names[] = { "eth0", "eth1", "wan" };

	return names[draw(random, 3)];
}

static void describe_host(struct topology *topology, struct random *random, uint32_t n_types)
{
	static const enum route_type types[] = { ROUTE_UNICAST, ROUTE_UNICAST, ROUTE_UNICAST, ROUTE_BLACKHOLE, ROUTE_LOCAL, ROUTE_THROW };
	static const uint32_t tables[] = { TABLE_ID_MAIN, TABLE_ID_MAIN, TABLE_ID_DEFAULT, TABLE_ID_LOCAL, 7 };
	uint32_t n_addresses = draw(random, 5), n_routes = draw(random, 9);

	topology_init(topology);
	for (uint32_t i = 0; i < n_addresses; i++) {
		enum family family = draw(random, 3) ? FAMILY_IPV4 : FAMILY_IPV6;
		struct address address = draw_address(random, family);

		topology_add_address(topology, family, &address, 24 + draw(random, 9), draw_interface(random));
	}
	for (uint32_t i = 0; i < n_routes; i++) {
		enum family family = draw(random, 3) ? FAMILY_IPV4 : FAMILY_IPV6;
		struct route route = {
			.family = family, .table = tables[draw(random, 5)], .metric = draw(random, 3),
			.type = types[draw(random, n_types)], .interface = draw_interface(random),
		};

		route.prefix_len = (int)draw(random, family == FAMILY_IPV4 ? 33 : 129);
		route.destination.address = draw_address(random, family);
		route.destination.mask = address_prefix_mask(family, (unsigned)route.prefix_len);
		for (int k = 0; k < 4; k++)
			route.destination.address.word[k] &= route.destination.mask.word[k];
		topology_add_route(topology, &route);
	}
	if (draw(random, 4) == 0)
		topology_add_rule(topology, &(struct policy_rule){ .family = FAMILY_IPV4, .priority = 100, .table = 7 });
	topology_finish(topology);
}

static void ask_both(const struct topology *topology, struct random *random, unsigned *n_by_rows)
{
	enum family family = draw(random, 2) ? FAMILY_IPV4 : FAMILY_IPV6;
	struct address address = draw_address(random, family);
	struct fib_flow flow = { .family = family, .destination = &address, .is_about_place = draw(random, 2) };
	struct fib_answer wanted, found;

	fib_search(topology, &flow, &wanted);
	fib_lookup(topology, &flow, &found);
	ck_assert_int_eq(found.is_found, wanted.is_found);
	if (wanted.is_found) {
		ck_assert_int_eq(found.type, wanted.type);
		ck_assert_ptr_eq(found.route, wanted.route);
		ck_assert_ptr_eq(found.interface, wanted.interface);
		ck_assert_ptr_eq(found.rule, wanted.rule);
	}
	*n_by_rows += fib_rows_find(topology->fib_rows, flow.is_about_place ? FIB_PLACE : FIB_WAY, family, &address) != NULL;
}

/* One route after the other: they are sorted by table, family, prefix, metric. */
static const struct route *find_plainly(const struct topology *topology, uint32_t table, enum family family,
					const struct address *address, bool takes_dead)
{
	for (size_t i = 0; i < topology->n_routes; i++) {
		const struct route *route = &topology->routes[i];

		if (route->table == table && route->family == family && (takes_dead || !route->is_dead) &&
		    address_is_in(address, &route->destination))
			return route;
	}
	return NULL;
}

START_TEST(the_index_answers_as_the_list_does)
{
	static const uint32_t tables[] = { 6, 7, TABLE_ID_DEFAULT, TABLE_ID_MAIN, TABLE_ID_LOCAL, 256 };
	struct topology topology;
	struct random random;
	unsigned n_found = 0;

	random_init(&random, (uint64_t)_i);
	describe_host(&topology, &random, 6);
	for (int i = 0; i < N_QUESTIONS; i++) {
		enum family family = draw(&random, 2) ? FAMILY_IPV4 : FAMILY_IPV6;
		struct address address = draw_address(&random, family);
		uint32_t table = tables[draw(&random, 6)];
		bool takes_dead = draw(&random, 2);
		const struct route *wanted = find_plainly(&topology, table, family, &address, takes_dead);

		if (i % 100 == 99)
			topology_set_link(&topology, draw_interface(&random), draw(&random, 2));
		else
			ck_assert_ptr_eq(fib_index_find(topology.fib_index, table, family, &address, takes_dead), wanted);
		n_found += wanted != NULL;
	}
	ck_assert(n_found > 0 || topology.n_routes < 4);
	topology_clear(&topology);
}
END_TEST

START_TEST(rows_answer_as_the_search_does)
{
	struct topology topology;
	struct random random;
	unsigned n_by_rows = 0;

	random_init(&random, (uint64_t)_i);
	describe_host(&topology, &random, _i % 2 ? 6 : 5);
	for (int i = 0; i < N_QUESTIONS; i++) {
		if (i % 100 == 99)
			topology_set_link(&topology, draw_interface(&random), draw(&random, 2));
		ask_both(&topology, &random, &n_by_rows);
	}
	/* Only policy rules and routes of type throw need the search. */
	if (!topology.has_policy_rules[0] && _i % 2 == 0)
		ck_assert_uint_eq(n_by_rows, N_QUESTIONS);
	topology_clear(&topology);
}
END_TEST

enum { N_ADDRESSES = 6000 };

static void add_hop(struct topology *topology, const char *interface, uint32_t weight, uint32_t group)
{
	topology_add_route(topology, &(struct route){
		.family = FAMILY_IPV4, .interface = interface, .weight = weight, .hop_group = group,
	});
}

/* How often each of the two hops was chosen, for many destinations; that it is always the same for one. */
static void count_hops(const struct topology *topology, unsigned *n_first, unsigned *n_second)
{
	struct address source = address_from_ipv4(0xc0a8010a);

	*n_first = *n_second = 0;
	for (uint32_t i = 0; i < N_ADDRESSES; i++) {
		struct address destination = address_from_ipv4(0xc0000200 + i);
		struct fib_flow flow = { .family = FAMILY_IPV4, .source = &source, .destination = &destination };
		struct fib_answer answer, again;

		fib_lookup(topology, &flow, &answer);
		fib_lookup(topology, &flow, &again);
		ck_assert_ptr_eq(answer.route, again.route);
		ck_assert_ptr_eq(answer.interface, answer.route->interface);
		*n_first += strcmp(answer.interface, "dsl") == 0;
		*n_second += strcmp(answer.interface, "lte") == 0;
		ck_assert(fib_leads_by(topology, &answer, "dsl") && fib_leads_by(topology, &answer, "lte"));
		ck_assert(!fib_leads_by(topology, &answer, "lan"));
	}
}

START_TEST(next_hops_share_by_weight)
{
	struct topology topology;
	struct address far = address_from_ipv4(0xc0000201), near = address_from_ipv4(0xc0a80105), own = address_from_ipv4(0xc0a80101);
	unsigned n_first, n_second;

	topology_init(&topology);
	topology_add_address(&topology, FAMILY_IPV4, &own, 24, "lan");
	add_hop(&topology, "dsl", 3, 1);
	add_hop(&topology, "lte", 1, 1);
	topology.hop_seed = 7;
	topology_finish(&topology);
	count_hops(&topology, &n_first, &n_second);
	ck_assert_uint_eq(n_first + n_second, N_ADDRESSES);
	ck_assert_uint_gt(n_first, N_ADDRESSES * 70 / 100);
	ck_assert_uint_lt(n_first, N_ADDRESSES * 80 / 100);
	ck_assert(fib_is_behind(&topology, FAMILY_IPV4, &far, "lte") && fib_is_behind(&topology, FAMILY_IPV4, &far, "dsl"));
	ck_assert(!fib_is_behind(&topology, FAMILY_IPV4, &far, "lan") && fib_is_behind(&topology, FAMILY_IPV4, &near, "lan"));
	topology_set_link(&topology, "dsl", false);
	count_hops(&topology, &n_first, &n_second);
	ck_assert_uint_eq(n_second, N_ADDRESSES);
	topology_set_link(&topology, "dsl", true);
	topology_set_link(&topology, "lte", false);
	count_hops(&topology, &n_first, &n_second);
	ck_assert_uint_eq(n_first, N_ADDRESSES);
	topology_clear(&topology);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host/fib");
	TCase *cases = tcase_create("fib");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(cases, rows_answer_as_the_search_does, 0, N_HOSTS);
	tcase_add_loop_test(cases, the_index_answers_as_the_list_does, 0, N_HOSTS);
	tcase_add_test(cases, next_hops_share_by_weight);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
