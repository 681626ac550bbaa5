/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay run: the main job. */
#include "base/system.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "cli/sandbox.h"
#include "replay/options.h"

static enum exit_code show(struct play *play)
{
	bool is_open = play_open(play, "text");
	enum exit_code code = play_report(play);

	if (!is_open)
		return code;
	/* Nothing is opened any more once packets are replayed. */
	(void)sandbox_enter();
	play_some(play, UINT64_MAX);
	return play_finish(play);
}

static enum exit_code run_run(const struct command *command, int argc, char **argv)
{
	enum exit_code code;
	struct play play;

	play_init(&play);
	/* Two processors are busy with three threads: reading takes least, writing less than replaying. */
	if (system_n_processors() > 1)
		ctreplay_set(play.replay, "threads", "3");
	if (play_begin(command, argc, argv, &play, &code))
		code = show(&play);
	play_clear(&play);
	return code;
}

const struct command command_run = {
	.name = "run",
	.synopsis = "-r CAPTURE RULES...",
	.summary = "what happens to every packet of a capture",
	.options = &run_option_table,
	.run = run_run,
};
