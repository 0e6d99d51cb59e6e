// value >> shift, by 0 to 47: OUTPUT_BITS of it, and whether the rest says no more than the sign.
module post_shift #(
  parameter int OUTPUT_BITS = 16
) (
  input  logic [63:0] value,
  input  logic [5:0] shift,
  output logic [OUTPUT_BITS-1:0] shifted,
  output logic overflow,
  output logic negative
);

  assign negative = value[63];

  // By 0, 16 or 32: what a further shift by 15 can reach, and whether the bits above it are all the sign's.
  localparam int COARSE = OUTPUT_BITS + 15;
  localparam int UPPER = 63 - (COARSE + 16);
  logic [COARSE-1:0] coarse;
  logic low_differs, high_differs, coarse_overflow;
  assign coarse = shift[5] ? COARSE'($signed(value[63:32])) : shift[4] ? value[16+:COARSE] : value[0+:COARSE];
  assign low_differs = value[COARSE+:16] != {16{negative}};
  assign high_differs = value[COARSE+16+:UPPER] != {UPPER{negative}};
  assign coarse_overflow = !shift[5] && (high_differs || (!shift[4] && low_differs));

  // By 0, 4, 8 or 12.
  localparam int FINE = OUTPUT_BITS + 3;
  logic [FINE-1:0] fine;
  logic [2:0] differs;
  logic fine_overflow;
  for (genvar i = 0; i < 3; i++) begin : g_group
    assign differs[i] = coarse[FINE+4*i+:4] != {4{negative}};
  end
  always_comb begin
    case (shift[3:2])
      2'd0: fine = coarse[0+:FINE];
      2'd1: fine = coarse[4+:FINE];
      2'd2: fine = coarse[8+:FINE];
      default: fine = coarse[12+:FINE];
    endcase
    case (shift[3:2])
      2'd0: fine_overflow = |differs;
      2'd1: fine_overflow = |differs[2:1];
      2'd2: fine_overflow = differs[2];
      default: fine_overflow = 1'b0;
    endcase
  end

  // By 0 to 3. The sign of what leaves must be the value's.
  logic last_overflow;
  always_comb begin
    case (shift[1:0])
      2'd0: shifted = fine[0+:OUTPUT_BITS];
      2'd1: shifted = fine[1+:OUTPUT_BITS];
      2'd2: shifted = fine[2+:OUTPUT_BITS];
      default: shifted = fine[3+:OUTPUT_BITS];
    endcase
    case (shift[1:0])
      2'd0: last_overflow = fine[OUTPUT_BITS-1+:4] != {4{negative}};
      2'd1: last_overflow = fine[OUTPUT_BITS+:3] != {3{negative}};
      2'd2: last_overflow = fine[OUTPUT_BITS+1+:2] != {2{negative}};
      default: last_overflow = fine[OUTPUT_BITS+2] != negative;
    endcase
  end
  assign overflow = coarse_overflow || fine_overflow || last_overflow;

endmodule
