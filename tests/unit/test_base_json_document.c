/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_document.h"

struct answer {
	const char *name;
	uint32_t number;
	bool is_on;
};

static bool store_name(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_string(document, item, &((struct answer *)target)->name);
}

static bool store_number(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_number(document, item, 1000, &((struct answer *)target)->number);
}

static bool store_on(void *target, const struct json_document *document, const cJSON *item)
{
	return json_document_bool(document, item, &((struct answer *)target)->is_on);
}

static const struct json_key keys[] = {
	{ "name", store_name },
	{ "number", store_number },
	{ "on", store_on },
	{ "flags", NULL },
};

static const struct {
	const char *what, *text, *message;	/* message NULL: it is right */
} rows[] = {
	{ "all keys", "{\"name\": \"a\", \"number\": 7, \"on\": true}", NULL },
	{ "comments", "// first\n{ // then\n \"name\": \"a // no comment\" }\n// last", NULL },
	{ "a number in a string", "{\"number\": \"0x3e8\"}", NULL },
	{ "a key of no interest", "{\"flags\": [{\"name\": 1}, []], \"number\": 2}", NULL },
	{ "an unknown key", "{\n  \"nmae\": \"a\"\n}", "j:2:3: error: unknown key \"nmae\"" },
	{ "a key given twice", "{\"on\": true,\n\"on\": false}", "j:2:1: error: the key \"on\" stands here twice" },
	{ "a wrong type", "{\"name\": {\"x\": []}}", "j:1:10: error: expected a string" },
	{ "a number that is too large", "{\"name\": \"b\", \"number\": 1001}",
	  "j:1:25: error: expected a whole number from 0 to 1000" },
	{ "a negative number", "{\"number\": -1}", "j:1:12: error: expected a whole number" },
	{ "a fraction", "{\"number\": 1.5}", "j:1:12: error: expected a whole number" },
	{ "behind values of no interest", "{\"flags\": [1, {\"a\": \"b\"}, null],\n\"on\": 3}",
	  "j:2:7: error: expected true or false" },
	{ "no object", "[1]", "j:1:1: error: expected an object" },
	{ "a missing comma", "{\"on\": true\n \"number\": 2}", "j:2:2: error: this is not JSON" },
	{ "the end is missing", "{\"on\": true", "j:1:12: error: the file ends before its JSON does" },
	{ "nothing at all", "", "j:1:1: error: the file ends before its JSON does" },
	{ "something behind the end", "{} x", "j:1:4: error: this is not JSON" },
};

START_TEST(every_message_names_its_place)
{
	struct diagnostics diagnostics;
	struct json_document document;
	struct source source;
	struct answer answer;
	struct text printed;
	bool is_ok;

	diag_init(&diagnostics);
	text_init(&printed);
	source_init(&source, "j", rows[_i].text, strlen(rows[_i].text));
	is_ok = json_document_parse(&document, &source, &diagnostics) &&
		json_document_read(&document, document.root, keys, sizeof(keys) / sizeof(keys[0]), &answer);
	diag_print(&diagnostics, &printed);
	ck_assert_msg(is_ok == !rows[_i].message, "%s: %s", rows[_i].what, text_string(&printed));
	if (rows[_i].message)
		ck_assert_msg(strncmp(text_string(&printed), rows[_i].message, strlen(rows[_i].message)) == 0, "%s: %s",
			      rows[_i].what, text_string(&printed));
	json_document_clear(&document);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&printed);
}
END_TEST

START_TEST(values_come_through)
{
	static const char text[] = "{\"name\": \"a\", \"number\": \"0x10\", \"on\": true}";
	struct diagnostics diagnostics;
	struct json_document document;
	struct source source;
	struct answer answer = { NULL, 0, false };

	diag_init(&diagnostics);
	source_init(&source, "j", text, strlen(text));
	ck_assert(json_document_parse(&document, &source, &diagnostics));
	ck_assert(json_document_read(&document, document.root, keys, sizeof(keys) / sizeof(keys[0]), &answer));
	ck_assert_str_eq(answer.name, "a");
	ck_assert_uint_eq(answer.number, 16);
	ck_assert(answer.is_on);
	json_document_clear(&document);
	diag_clear(&diagnostics);
	source_clear(&source);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/json_document");
	TCase *all = tcase_create("all");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(all, every_message_names_its_place, 0, (int)(sizeof(rows) / sizeof(rows[0])));
	tcase_add_test(all, values_come_through);
	suite_add_tcase(suite, all);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
