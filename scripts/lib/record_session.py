"""Runs the session of the README in a terminal of 80 columns, and writes it as an SVG to stdout.

Run by scripts/picture, which sets DATABASE_URL and PATH. Needs nothing but Python 3.
"""
import fcntl
import html
import os
import pty
import re
import select
import struct
import sys
import termios

COLUMNS = 80
# Each command, its exit code, and what is typed at which prompt.
SESSION = [
    ("dbbackup dump", 0, None),
    ("dbbackup list", 0, None),
    ("dbbackup verify --restore", 0, None),
    ("psql -Xc 'DELETE FROM order_lines' $DATABASE_URL", 0, None),
    ("dbbackup restore latest --clean", 0, ("to go on: ", "shop\n")),
]


def run(command, answer):
    """What `command` prints on a terminal, and its exit code."""
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", PAGER="cat", COLUMNS=str(COLUMNS))
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        os.execvp("/bin/sh", ["sh", "-c", "exec " + command])
    output = b""
    while True:
        if not select.select([master], [], [], 120)[0]:
            sys.exit(f"record_session: '{command}' printed nothing for two minutes")
        try:
            data = os.read(master, 65536)
        except OSError:  # Linux reports this at the end of a terminal
            data = b""
        if not data:
            break
        output += data
        if answer and output.endswith(answer[0].encode()):
            os.write(master, answer[1].encode())
            answer = None
    return output.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def lines_of(output):
    """The lines that are left on the screen, each a list of (text, colour)."""
    lines = []
    for line in output.replace("\r\n", "\n").rstrip("\n").split("\n"):
        line = re.split(r"\r(?:\x1b\[K)?", line)[-1]  # a progress line is overwritten
        colour = ""
        runs = []
        for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
            code = re.fullmatch(r"\x1b\[([0-9;]*)m", piece)
            if code:
                colour = {"1;31": "bad", "33": "warn"}.get(code[1], "")
            elif piece:
                runs.append((re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", piece), colour))
        lines += wrap(runs)
    return lines


def wrap(runs):
    """A line as the terminal breaks it at its last column."""
    rows, column = [[]], 0
    for text, colour in runs:
        while column + len(text) > COLUMNS:
            rows[-1].append((text[:COLUMNS - column], colour))
            text, column = text[COLUMNS - column:], 0
            rows.append([])
        rows[-1].append((text, colour))
        column += len(text)
    return rows


def to_svg(lines):
    height, top, left = 18, 44, 20
    width = 2 * left + COLUMNS * 8.43
    total = top + height * len(lines) + 8
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{total}" '
          f'viewBox="0 0 {width:.0f} {total}" role="img">')
    print("<title>A session: dump, list, verify --restore, a DELETE without WHERE, restore</title>")
    print("""<style>
  .back { fill: #f6f8fa; stroke: #d0d7de }
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #1f2328; white-space: pre }
  .prompt { fill: #1a7f37; font-weight: bold }
  .typed { font-weight: bold }
  .bad { fill: #cf222e; font-weight: bold }
  .warn { fill: #9a6700 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117; stroke: #30363d }
    text { fill: #e6edf3 }
    .prompt { fill: #3fb950 }
    .bad { fill: #ff7b72 }
    .warn { fill: #d29922 }
  }
</style>""")
    print(f'<rect class="back" x="0.5" y="0.5" width="{width - 1:.0f}" height="{total - 1}" rx="8"/>')
    for x, colour in ((22, "#ff5f57"), (42, "#febc2e"), (62, "#28c840")):
        print(f'<circle cx="{x}" cy="20" r="6" fill="{colour}"/>')
    for number, runs in enumerate(lines):
        y = top + height * number + 8
        column = 0
        for text, colour in runs:
            if text.strip():
                # The length is given, so that columns stay aligned in any font.
                print(f'<text x="{left + column * 8.43:.2f}" y="{y}" textLength="{len(text) * 8.43:.2f}" '
                      f'xml:space="preserve"{f" class={chr(34)}{colour}{chr(34)}" if colour else ""}>'
                      f"{html.escape(text, quote=False)}</text>")
            column += len(text)
    print("</svg>")


def main():
    lines = []
    for command, expected, answer in SESSION:
        output, code = run(command, answer)
        if code != expected:
            sys.exit(f"record_session: '{command}' exited {code}:\n{output}")
        lines += [[("$ ", "prompt"), (command, "typed")], *lines_of(output), []]
    to_svg(lines[:-1])


main()
