"""OpenSTA on a mapped netlist: its power from the simulator's toggle rates, its critical path."""

import re
import subprocess


def _run(text):
    done = subprocess.run(("sta", "-no_splash", "-exit", "/dev/stdin"), input=text, capture_output=True, text=True)
    said = done.stdout + done.stderr
    if done.returncode != 0 or "Error" in said:
        raise RuntimeError("sta: " + said[max(0, said.find("Error")) :][:600])
    return done.stdout


def _head(liberty_file, verilog, top, period, slew):
    return (f"read_liberty {liberty_file}\nread_verilog {verilog}\nlink_design {top}\n"
            f"create_clock -name clk -period {period} [get_ports clk]\nset_input_transition {slew} [all_inputs]\n")


def _pin(cell, pin, rate):
    """set_power_activity -pins, whose own code fails in OpenSTA 2.0.17."""
    return f"sta::set_power_pin_activity [get_pins {{{cell}/{pin}}}] {rate:.6g} 0.5\n"


def power(base, liberty_file, top, library, mapped, toggles, period_ns, slew_ps):
    """fJ per cycle, without leakage and wires: sequential_internal, sequential_switching, and so for combinational."""
    unit = library.time_ps / 1000
    with open(toggles) as file:
        rates = [float(line) for line in file]
    commands = [_head(liberty_file, base + ".v", top, period_ns / unit, slew_ps / library.time_ps)]
    for name, nets in mapped.ports.items():
        for i, net in enumerate(nets):
            port = f"{name}[{i}]" if len(nets) > 1 else name
            if name != "clk":
                commands.append(f"set_power_activity -input_ports [get_ports {{{port}}}] -activity {rates[net]:.6g} -duty 0.5\n")
    for flip_flop in mapped.flip_flops:
        for pin, net in flip_flop.outputs:
            commands.append(_pin(flip_flop.name, pin, rates[net]))
    commands.append("report_power -digits 6\n")
    groups = {}
    for line in _run("".join(commands)).splitlines():
        match = re.match(r"(Sequential|Combinational)\s+([-\d.e+]+)\s+([-\d.e+]+)", line)
        if match:
            for name, watts in (("internal", match.group(2)), ("switching", match.group(3))):
                groups[f"{match.group(1).lower()}_{name}"] = float(watts) * period_ns * 1e-9 * 1e15
    if len(groups) != 4:
        raise RuntimeError("sta: report_power has other groups")
    return groups


def critical_path_ns(base, liberty_file, top, library, slew_ps):
    """The slowest path from register to register, set-up included, ideal wires and clock."""
    unit = library.time_ps / 1000
    period_ns = 1000.0
    text = _head(liberty_file, base + ".v", top, period_ns / unit, slew_ps / library.time_ps)
    text += "set_false_path -from [all_inputs]\nset_false_path -to [all_outputs]\nputs \"slack [sta::worst_slack_cmd max]\"\n"
    return period_ns - float(re.search(r"^slack (\S+)", _run(text), re.M).group(1)) * 1e9
