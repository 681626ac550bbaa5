/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections by their original source: newest first, whatever was added and removed between. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/sources.h"
#include "packet/packet.h"

enum { N_CONNECTIONS = 2000, N_SOURCES = 7 };

static struct tuple tuple_of(uint32_t source, uint16_t port)
{
	return (struct tuple){
		.source = address_from_ipv4(0x0a000000u + source), .source_port = port,
		.protocol = PROTOCOL_UDP, .family = FAMILY_IPV4,
	};
}

/* A store of whole entries, each with an annex. */
struct scene {
	struct store store;
	struct sources sources;
	struct connection_annex annexes[N_CONNECTIONS];
	size_t n_annexes;
};

static struct scene *create(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	const size_t size = sizeof(struct connection);

	ck_assert(scene != NULL);
	store_init(&scene->store, &size, 1);
	sources_init(&scene->sources, &scene->store);
	return scene;
}

static void destroy(struct scene *scene)
{
	sources_clear(&scene->sources);
	store_clear(&scene->store);
	free(scene);
}

static struct connection *add(struct scene *scene, const struct tuple *tuple)
{
	uint32_t number;
	struct connection *connection = store_take(&scene->store, 0, &number);

	connection->timer.number = number;
	connection->annex = &scene->annexes[scene->n_annexes++];
	connection_set_original(connection, tuple);
	sources_add(&scene->sources, connection);
	return connection;
}

START_TEST(an_empty_set_has_nobody)
{
	struct tuple tuple = tuple_of(1, 1);
	struct scene *scene = create();

	ck_assert(sources_find(&scene->sources, &tuple, 0) == NULL);
	destroy(scene);
}
END_TEST

START_TEST(destinations_do_not_matter_and_everything_else_does)
{
	struct tuple base = tuple_of(1, 1000), other;
	struct scene *scene = create();
	const struct connection *connection = add(scene, &base);

	other = base;
	other.destination = address_from_ipv4(77);
	other.destination_port = 5;
	ck_assert(sources_find(&scene->sources, &other, 0) == connection);
	other = base;
	other.source_port = 1001;
	ck_assert(sources_find(&scene->sources, &other, 0) == NULL);
	other = base;
	other.source = address_from_ipv4(1);
	ck_assert(sources_find(&scene->sources, &other, 0) == NULL);
	other = base;
	other.protocol = PROTOCOL_TCP;
	ck_assert(sources_find(&scene->sources, &other, 0) == NULL);
	other = base;
	other.zone = 1;
	ck_assert(sources_find(&scene->sources, &other, 0) == NULL);
	ck_assert(sources_find(&scene->sources, &base, 1) == connection);
	destroy(scene);
}
END_TEST

/* Through growth and with every third one gone again, each source lists its connections from the newest on. */
START_TEST(the_newest_comes_first)
{
	static struct connection *connections[N_CONNECTIONS];
	struct scene *scene = create();

	for (uint32_t i = 0; i < N_CONNECTIONS; i++) {
		struct tuple tuple = tuple_of(i % N_SOURCES, 53);

		connections[i] = add(scene, &tuple);
	}
	for (uint32_t i = 0; i < N_CONNECTIONS; i += 3)
		sources_remove(&scene->sources, connections[i]);
	for (uint32_t source = 0; source < N_SOURCES; source++) {
		struct tuple tuple = tuple_of(source, 53);
		const struct connection *found = sources_find(&scene->sources, &tuple, 0);

		for (uint32_t i = N_CONNECTIONS; i-- > 0;) {
			if (i % N_SOURCES != source || i % 3 == 0)
				continue;
			ck_assert(found == connections[i]);
			found = sources_find_older(&scene->sources, found);
		}
		ck_assert(found == NULL);
	}
	destroy(scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/sources");
	TCase *tcase = tcase_create("sources");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, an_empty_set_has_nobody);
	tcase_add_test(tcase, destinations_do_not_matter_and_everything_else_does);
	tcase_add_test(tcase, the_newest_comes_first);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
