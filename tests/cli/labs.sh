#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The labs: what a student finds is not yet right, the worked answer is, and both are told.

. "$(dirname "$0")/harness"
labs=$top/docs/labs

# answered LAB: a copy of the folder in which the worked answer is the student's
answered() {
	rm -rf labs && cp -R "$labs" labs && chmod -R u+w labs || return 1
	for answer in labs/"$1"/answer.*; do
		case $answer in
		*.md) ;;
		*) cp "$answer" "labs/$1/my.${answer##*/answer.}" || return 1;;
		esac
	done
	ends 0 lab --labs labs "${1%%-*}"
}

# commands SHEET: what it tells a student to type, without what stands for something else ("...")
commands() {
	sed -n 's/^     *\(ctreplay \)/\1/p' "$1"
	tr '\n' ' ' <"$1" | sed 's/   */ /g' | grep -o '`ctreplay [^`]*`' | tr -d '`' | grep -v -F ...
}

# is_fine COMMAND...: it does its work, whatever comes of it: a grade or a difference ends with 1
is_fine() {
	(cd "$top" && PATH=$work/bin:$PATH && export PATH && eval "$*")
	[ $? -le 1 ]
}

# types_all SHEET
types_all() {
	commands "$1" >commands || return 1
	[ -s commands ] || return 1
	while IFS= read -r command; do
		is_fine "$command" >.own/typed 2>&1 </dev/null || { echo "$command"; cat .own/typed; return 1; }
	done <commands
}

mkdir bin && ln -s "$CTREPLAY" bin/ctreplay
n_labs=0
for folder in "$labs"/[0-9]*; do
	lab=${folder##*/}
	number=${lab%%-*}
	n_labs=$((n_labs + 1))
	passes "lab $number: what a student begins with is not right yet" ends 1 lab --labs "$labs" "$number"
	passes "which is told with a reason" grep -q 'FAILED' .own/stdout
	passes "below the questions" grep -q "^# Lab $number: " .own/stdout
	passes "the worked answer is right" answered "$lab"
	passes "and has a page" test -s "$folder/answer.md"
	passes "every command of the sheet can be typed" types_all "$folder/README.md"
done
passes "there are labs" test $n_labs -ge 10
passes "lab alone lists them" ends 0 lab --labs "$labs"
passes "all of them" sh -c '[ "$(grep -c "^  [0-9]*: [a-zA-Z]" .own/stdout)" = "$1" ]' - $n_labs
says "a lab that is not there" 2 'there is no lab 99' lab --labs "$labs" 99
says "no number" 2 'one number is wanted' lab --labs "$labs" first
says "no labs" 2 'nowhere: .*says where the labs are' lab --labs nowhere

# In the current folder: a copy of the installed ones. The sheet's paths are those of the copy.
cp -R "$labs" copied && mv copied labs.new && rm -rf labs && mv labs.new labs
passes "a copy is found" ends 1 lab 3
passes "and its sheet says where its files are" grep -q ' -r labs/3-stateless-or-stateful/lab.packets ' .own/stdout
passes "and what is said names them in short" grep -q ' my.rules:7: ' .own/stdout
finish
