"""The energy flow on a library of three cells whose energies are known by hand."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

FLOW = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "accelerators", "array", "energy")
sys.path.insert(0, FLOW)

import drive  # noqa: E402
import liberty  # noqa: E402
import netlist  # noqa: E402
import prices  # noqa: E402


def table(name, value):
    return f'{name} (scalar) {{ values ("{value}"); }}'


def gate(name, inputs, function, delay, energy):
    pins = "".join(f"pin ({pin}) {{ direction : input; capacitance : 2; }}" for pin in inputs)
    arcs = "".join(
        f"timing () {{ related_pin : \"{pin}\"; {table('cell_rise', delay)} {table('cell_fall', delay)} "
        f"{table('rise_transition', 1)} {table('fall_transition', 1)} }}"
        f"internal_power () {{ related_pin : \"{pin}\"; {table('rise_power', energy)} {table('fall_power', energy)} }}"
        for pin in inputs)
    return f"cell ({name}) {{ area : 1; {pins} pin (Y) {{ direction : output; function : \"{function}\"; {arcs} }} }}"


FLIP_FLOP = f"""cell (DFF) {{ area : 4; ff (IQ, IQN) {{ next_state : "D"; clocked_on : "CK"; }}
  pin (D) {{ direction : input; capacitance : 1; internal_power () {{ when : "CK"; {table('power', 0.25)} }}
    internal_power () {{ when : "!CK"; {table('power', 64)} }} }}
  pin (CK) {{ direction : input; clock : true; capacitance : 1;
    internal_power () {{ when : "D & Q"; {table('power', 3)} }} internal_power () {{ when : "!D & !Q"; {table('power', 3)} }}
    internal_power () {{ when : "D & !Q"; {table('power', 5)} }} internal_power () {{ when : "!D & Q"; {table('power', 5)} }} }}
  pin (Q) {{ direction : output; function : "IQ"; timing () {{ related_pin : "CK"; timing_type : rising_edge;
    {table('cell_rise', 10)} {table('cell_fall', 10)} {table('rise_transition', 1)} {table('fall_transition', 1)} }}
    internal_power () {{ related_pin : "CK"; {table('power', 7)} }} }} }}"""


def library(and_delay, inverter_delay):
    return (f"library (hand) {{ time_unit : \"1ps\"; leakage_power_unit : \"1nW\"; capacitive_load_unit (1, ff); nom_voltage : 1; "
            f"{gate('AND', 'AB', 'A & B', and_delay, 10)} {gate('INV', 'A', '!A', inverter_delay, 1)} {FLIP_FLOP} }}")


def cell(kind, **pins):
    return {"type": kind, "connections": {pin: [bit] for pin, bit in pins.items()}}


# a & !a, into a flip-flop
PULSE = {"modules": {"top": {
    "attributes": {"top": "1"},
    "ports": {"clk": {"direction": "input", "bits": [2]}, "a": {"direction": "input", "bits": [3]},
              "q": {"direction": "output", "bits": [6]}},
    "cells": {"not_a": cell("INV", A=3, Y=4), "both": cell("AND", A=3, B=4, Y=5), "kept": cell("DFF", D=5, CK=2, Q=6)}}}}


class Flow(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.simulator = os.path.join(cls.folder.name, "simulate")
        subprocess.run(["g++", "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", "-o", cls.simulator,
                        os.path.join(FLOW, "simulate.cpp")], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def path(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def simulate(self, and_delay, inverter_delay, cycles, period=2000, design=PULSE):
        cells = liberty.read_library(self.path("lib", library(and_delay, inverter_delay)))
        mapped = netlist.read_netlist(self.path("json", json.dumps(design)), cells)
        netlist.Annotation(mapped, cells, False).write(os.path.join(self.folder.name, "annotated"))
        drive.write(os.path.join(self.folder.name, "stimuli"), mapped, cycles)
        return subprocess.run([self.simulator, os.path.join(self.folder.name, "annotated"),
                               os.path.join(self.folder.name, "stimuli"), str(period), "1"], capture_output=True, text=True)

    def test_a_pulse_longer_than_the_gates_delay_passes_and_is_charged(self):
        found = json.loads(self.simulate(3, 5, [{"a": 0}, {"a": 1}]).stdout)
        self.assertEqual((found["changes"], found["settled_changes"]), (4, 2))  # a, !a, and the pulse's two
        self.assertAlmostEqual(found["gates"], 1 + 2 * 10)
        self.assertAlmostEqual(found["wires"], 0.5 * (4 + 2 + 2 * 1))  # a: inverter and AND; !a: AND; pulse: flip-flop
        self.assertAlmostEqual(found["registers"], 2 * 0.25)  # data moves while the clock is high
        self.assertAlmostEqual(found["clock"], 1 + 3 + 3)

    def test_a_pulse_shorter_than_the_gates_delay_vanishes(self):
        found = json.loads(self.simulate(5, 3, [{"a": 0}, {"a": 1}]).stdout)
        self.assertEqual((found["changes"], found["settled_changes"]), (2, 2))
        self.assertAlmostEqual(found["gates"], 1)

    def test_a_netlist_slower_than_its_clock_is_an_error(self):
        done = self.simulate(3, 5, [{"a": 0}, {"a": 1}], period=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("past the period", done.stderr)

    def test_a_port_that_no_cycle_sets_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "no cycle sets a"):
            self.simulate(3, 5, [{"b": 1}, {"b": 0}])

    def test_a_cell_that_the_library_lacks_is_an_error(self):
        unknown = json.loads(json.dumps(PULSE).replace("INV", "NOT"))
        with self.assertRaisesRegex(ValueError, "cell NOT is not in the library"):
            self.simulate(3, 5, [{"a": 0}], design=unknown)

    def test_functions_of_liberty_in_each_spelling(self):
        for text, value in (("!((A & B) | C)", 0b00000111), ("(A*B)+(C)", 0b11111000), ("A^B^C", 0b10010110), ("A B'", 0b00100010)):
            self.assertEqual(liberty.truth(text, ["A", "B", "C"]), value, text)
        for text in ("A &", "(A", "A B)", "D", "A; B", "f(A)", "__import__('os')"):
            with self.assertRaises(ValueError, msg=text):
                liberty.truth(text, ["A", "B", "C"])

    def test_tables_are_bilinear_within_and_held_beyond(self):
        figure = liberty.Table([0, 10], [0, 4], [[1, 3], [5, 7]])
        for slew, load, value in ((0, 0, 1), (5, 2, 4), (10, 4, 7), (20, 9, 7), (-1, 2, 2)):
            self.assertEqual(figure.at(slew, load), value)


class Prices(unittest.TestCase):
    def test_the_cost_tables_are_what_the_measured_energies_give(self):
        for family in prices.MEASURED:
            table, made = prices.rewritten(family)
            self.assertEqual(table, made, family)

    def test_layers_that_were_not_fitted_are_as_near_as_the_page_says(self):
        default, others = {}, {}
        for family in prices.MEASURED:
            for row in prices.read(family):
                if row["data"] == "layers":
                    error = prices.Element(family, row["top"], **row["parameters"]).errors[0]
                    usual = row["parameters"]["PIPELINE"] == prices.PIPELINE and row["parameters"]["LANES"] >= prices.LANES
                    (default if usual else others)[(row["top"], *sorted(row["parameters"].items()))] = error
        self.assertGreaterEqual(len(default), 15)
        self.assertGreaterEqual(len(others), 35)
        mac = default["mac_element", ("ACCUMULATOR_BITS", 24), ("ACTIVATION_BITS", 8), ("LANES", 16), ("PIPELINE", 1), ("WEIGHT_BITS", 8)]
        for errors, least, most, ratio in ((default, -7.5, 13.5, 0.105), (others, -7.5, 23.5, 0.195)):
            for key, error in errors.items():
                self.assertGreater(error, least, key)
                self.assertLess(error, most, key)
                self.assertLess(abs((100 + error) / (100 + mac) - 1), ratio, key)

    def test_a_price_is_told_apart_by_what_shares_it(self):
        element = prices.Element("mac", "mac_element", ACTIVATION_BITS=8, WEIGHT_BITS=8)
        few = prices.Element("mac", "mac_element", ACTIVATION_BITS=8, WEIGHT_BITS=8, LANES=4)
        for price in ("useful", "idle"):
            self.assertAlmostEqual(getattr(element, price).of_array(4) / getattr(few, price).of_array(4), 1, delta=0.06)


if __name__ == "__main__":
    unittest.main()
