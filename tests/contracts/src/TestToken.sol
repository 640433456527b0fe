// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// An ERC-20 token that anybody may mint. Its errors are those of ERC-6093, as OpenZeppelin's token raises them.
contract TestToken {
  string public constant name = "TestToken";
  string public constant symbol = "TST";
  uint8 public constant decimals = 18;

  uint256 public totalSupply;
  mapping(address account => uint256) public balanceOf;
  mapping(address owner => mapping(address spender => uint256)) public allowance;

  event Transfer(address indexed from, address indexed to, uint256 value);
  event Approval(address indexed owner, address indexed spender, uint256 value);

  error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
  error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
  error ERC20InvalidReceiver(address receiver);
  error ERC20InvalidSpender(address spender);

  function mint(address account, uint256 value) external {
    require(account != address(0), ERC20InvalidReceiver(account));
    totalSupply += value;
    balanceOf[account] += value;
    emit Transfer(address(0), account, value);
  }

  function approve(address spender, uint256 value) external returns (bool) {
    require(spender != address(0), ERC20InvalidSpender(spender));
    allowance[msg.sender][spender] = value;
    emit Approval(msg.sender, spender, value);
    return true;
  }

  function transfer(address to, uint256 value) external returns (bool) {
    _move(msg.sender, to, value);
    return true;
  }

  /// The largest allowance is without end: it is not counted down.
  function transferFrom(address from, address to, uint256 value) external returns (bool) {
    uint256 allowed = allowance[from][msg.sender];
    if (allowed != type(uint256).max) {
      require(allowed >= value, ERC20InsufficientAllowance(msg.sender, allowed, value));
      allowance[from][msg.sender] = allowed - value;
    }
    _move(from, to, value);
    return true;
  }

  function _move(address from, address to, uint256 value) private {
    require(to != address(0), ERC20InvalidReceiver(to));
    uint256 balance = balanceOf[from];
    require(balance >= value, ERC20InsufficientBalance(from, balance, value));
    balanceOf[from] = balance - value;
    balanceOf[to] += value;
    emit Transfer(from, to, value);
  }
}
